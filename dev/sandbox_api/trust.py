"""A small world of trust: trusted lists, an authority that answers, and somebody who signs without a device.

It is made when it is first asked for, and forgotten when the server ends: whoever starts one has its signer confirmed
anew (``GET /trust/signer``).
"""
import datetime
import functools
import itertools

from aiohttp import web

KINDS = {
    'good': "qualified, and not revoked",
    'revoked': "revoked since yesterday",
    'unlisted': "of an authority that is in no list",
}
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Signing without a device</title>
<style>body {{ font: 16px/1.5 sans-serif; max-width: 40em; margin: 2em auto; padding: 0 1em }}
label {{ display: block; margin: 1em 0 }}</style></head>
<body>
<h1>Signing without a device</h1>
<p>Upload a power of attorney; what comes back is signed (CAdES, .p7m) by an authority that is worth nothing outside
this machine. Odoo verifies it over the network of this machine.</p>
<form method="post" action="/trust/sign" enctype="multipart/form-data">
<label>PDF <input type="file" name="file" required></label>
<label>Surname <input name="surname" value="Rossi"></label>
<label>Given name <input name="given" value="Mario"></label>
<label>Tax code <input name="tax_code" value="RSSMRA80A01H501U"></label>
<label>Certificate <select name="kind">{kinds}</select></label>
<button>Sign</button>
</form>
</body>
</html>
"""
_serials = itertools.count(1000)


def add_routes(app):
    """Serve the world of trust, below ``/trust``."""
    app.router.add_route('GET', '/trust', _show_page)
    app.router.add_route('GET', '/trust/signer', _show_signer)
    app.router.add_route('POST', '/trust/sign', _sign)
    app.router.add_route('*', '/trust/{name}', _give)


@functools.cache
def _get_world(url):
    """Return the world that is served at an address, which takes a second to make."""
    import trust_world
    return trust_world.World(url)


def _open(request):
    return _get_world(f'http://{request.host}')


async def _show_page(request):
    options = ''.join(f'<option value="{kind}">{words}</option>' for kind, words in KINDS.items())
    return web.Response(text=_PAGE.format(kinds=options), content_type='text/html')


async def _show_signer(request):
    return web.json_response({'fingerprint': _open(request).fingerprint})


async def _give(request):
    content = _open(request).get(request.path, await request.read())
    return web.Response(body=content) if content is not None else web.Response(status=404)


async def _sign(request):
    import p7m_files
    said = await request.post()
    owner = _make_owner(_open(request), said.get('kind', 'good'), {
        name: said[name] for name in ('surname', 'given', 'tax_code') if said.get(name)})
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    content = p7m_files.sign(owner, said['file'].file.read(), signing_time=now)
    return web.Response(body=content, content_type='application/pkcs7-mime', headers={
        'Content-Disposition': 'attachment; filename="procura.pdf.p7m"'})


def _make_owner(world, kind, names):
    """Return somebody with a certificate of one of ``KINDS`` (an ``Identity``)."""
    import trust_files
    from p7m_files import DAY, NOW
    if kind == 'unlisted':
        return trust_files.Authority("Ignota CA").issue(**names)
    serial = next(_serials)
    if kind == 'revoked':
        world.revoked[serial] = (NOW - DAY, 'keyCompromise')
    return world.issue(serial, **names)
