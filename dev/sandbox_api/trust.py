"""A small world of trust: trusted lists, an authority that answers, and a page that signs without a device.

It is made when it is first asked for, and forgotten when the server ends: whoever starts one has its signer confirmed
anew (``GET /trust/signer``).
"""
from aiohttp import web

from .signer import KINDS, get_world, sign

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


def add_routes(app):
    """Serve the world of trust, below ``/trust``."""
    app.router.add_route('GET', '/trust', _show_page)
    app.router.add_route('GET', '/trust/signer', _show_signer)
    app.router.add_route('POST', '/trust/sign', _sign)
    app.router.add_route('*', '/trust/{name}', _give)


def get_url(request):
    """:return: the address of this server, as a request has it"""
    return f'http://{request.host}'


async def _show_page(request):
    options = ''.join(f'<option value="{kind}">{words}</option>' for kind, words in KINDS.items())
    return web.Response(text=_PAGE.format(kinds=options), content_type='text/html')


async def _show_signer(request):
    return web.json_response({'fingerprint': get_world(get_url(request)).fingerprint})


async def _give(request):
    content = get_world(get_url(request)).get(request.path, await request.read())
    return web.Response(body=content) if content is not None else web.Response(status=404)


async def _sign(request):
    said = {**await request.post()}
    content = sign(get_url(request), said.pop('file').file.read(), **said)
    return web.Response(body=content, content_type='application/pkcs7-mime', headers={
        'Content-Disposition': 'attachment; filename="procura.pdf.p7m"'})
