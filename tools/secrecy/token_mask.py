"""Tokens in addresses of this addon, tokens and tax codes in those of the service, kept out of the log.

The tokens are kept out of what is kept of mails as well.
"""
import logging
import re

MASK = '***'
LOGGERS = ('werkzeug', 'odoo.http', 'urllib3.connectionpool')  # which write down what is asked for
_CALLBACK = re.compile(r'(/openapi_pec/callback/)[^\s?#"\'<>]+')
_ADDRESS = re.compile(r'/openapi_pec/[^\s"\'<>]*')
_PARAMETER = re.compile(r'(access_token=)[^&#;]*')
_LOOK_UP = re.compile(r'(/IT-[a-z_]+[/?])[^\s"\'<>]+')  # of the Company API
_OWN_TOKEN = re.compile(r'(/tokens/)[\w.~%+=-]{16,}')  # of OAuth v2, where a token is its own address
MARKS = ('/openapi_pec/', 'access_token=', '/IT-', '/tokens/')  # one of which is in what has to be masked
# of this addon, tried at an address that is none of its own
_DERIVED = re.compile(r'(access_token=)[0-9a-f]{64}(?!\w)')


def mask_tokens(text):
    """Return a text with the tokens in this addon's addresses masked, and in the service's; and who is looked up there.

    Other addresses stay as they are.
    """
    for pattern in (_CALLBACK, _LOOK_UP, _OWN_TOKEN):
        text = pattern.sub(rf'\1{MASK}', text)
    return _DERIVED.sub(rf'\1{MASK}', _ADDRESS.sub(lambda address: _PARAMETER.sub(rf'\1{MASK}', address[0]), text))


class TokenFilter(logging.Filter):
    """Masks tokens and tax codes in the addresses that are about to be logged."""

    def filter(self, record):
        """Mask the text of a record; let every record pass."""
        message = record.getMessage()
        if any(mark in message for mark in MARKS) and (masked := mask_tokens(message)) != message:
            record.msg, record.args = masked, ()
        return True


def install():
    """Have tokens and tax codes masked in the log of addresses; once, however often this is called."""
    for logger in map(logging.getLogger, LOGGERS):
        if not any(type(known).__name__ == TokenFilter.__name__ for known in logger.filters):
            logger.addFilter(TokenFilter())
