"""The page at ``/``: what this server is, in words."""
from html import escape

from .callbacks import SHAPES
from .const import COMPANY_PATH, OAUTH_PATH
from .control import CONTROL
from .faults import FAULTS
from .operations import OPERATIONS
from .signature_const import OTP, SANDBOX_PIN, SANDBOX_USERNAME, SIGNATURE_PATH

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Sandbox API</title>
<style>body {{ font: 16px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }}
td {{ vertical-align: top; padding: .1em 1.5em .1em 0 }}</style></head>
<body>
<h1>Sandbox API</h1>
<p>A local server that keeps the contract of Openapi's PEC API and, below <code>{company_path}</code>, of its Company
API, below <code>{oauth_path}</code>, of its OAuth v2, and, below <code>{signature_path}</code>, of its esignature API,
for development and tests.
Nothing here reaches the Registro delle Imprese; no money is spent.</p>
<p><a href="/trust">Sign a power of attorney without a device</a></p>
<h2>Tokens</h2>
<table>{tokens}</table>
<h2>Operations</h2>
<table>{operations}</table>
<h2>Control endpoints</h2>
<p>For this machine alone; no token. Bodies and answers are JSON.</p>
<table>{control}</table>
<h2>Faults</h2>
<table>{faults}</table>
<h2>Shapes of a callback</h2>
<p>{shapes}</p>
</body>
</html>
"""
_TOKENS = {
    'sandbox-token': 'All scopes.',
    'sandbox-token-readonly': 'Only GET.',
    'sandbox-token-pec': 'All scopes of the PEC API, none of the others.',
    'sandbox-token-unchecked': 'All scopes but IT-check_id.',
    'sandbox-token:<name>': 'Of an account with its own filings and wallet; also sandbox-token-readonly:<name> …',
    '<name>@domain.com and sandbox-key': 'HTTP Basic, for OAuth v2 alone; its scopes begin with test. The tokens that '
                                         'it makes open the same account; mail@domain.com is the one without a name.',
    '<name>@domain.com and production-key': 'The same with the scopes of production.',
    SANDBOX_USERNAME: f'Of a certificate that signs as whom a power of attorney names; its PIN is {SANDBOX_PIN}, its '
                      f'one-time password {OTP}, as that of all certificates.',
}


def make_page():
    """:return: text of the page, HTML"""
    return _PAGE.format(
        company_path=COMPANY_PATH,
        oauth_path=OAUTH_PATH,
        signature_path=SIGNATURE_PATH,
        tokens=_make_rows(_TOKENS),
        operations=_make_rows({name: _get_summary(function) for name, function in OPERATIONS.items()}),
        control=_make_rows({name: _get_summary(function) for name, function in CONTROL.items()}),
        faults=_make_rows({name: _get_summary(function) for name, function in FAULTS.items()}),
        shapes=escape(', '.join(SHAPES)),
    )


def _make_rows(table):
    return ''.join(
        f'<tr><td><code>{escape(key)}</code></td><td>{escape(text)}</td></tr>' for key, text in table.items())


def _get_summary(function):
    """:return: the first paragraph of a function's docstring, in one line"""
    return ' '.join(function.__doc__.split('\n\n')[0].split())
