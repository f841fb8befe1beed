"""Tokens in addresses of this addon, kept out of the log and out of what is kept of mails."""
import logging
import re

MASK = '***'
LOGGERS = ('werkzeug', 'odoo.http')  # which write down what is asked for
_CALLBACK = re.compile(r'(/openapi_pec/callback/)[^\s?#"\'<>]+')
_ADDRESS = re.compile(r'/openapi_pec/[^\s"\'<>]*')
_PARAMETER = re.compile(r'(access_token=)[^&#;]*')
# of this addon, tried at an address that is none of its own
_DERIVED = re.compile(r'(access_token=)[0-9a-f]{64}(?!\w)')


def mask_tokens(text):
    """Return a text with the tokens in this addon's addresses masked; other addresses stay as they are."""
    text = _CALLBACK.sub(rf'\1{MASK}', text)
    return _DERIVED.sub(rf'\1{MASK}', _ADDRESS.sub(lambda address: _PARAMETER.sub(rf'\1{MASK}', address[0]), text))


class TokenFilter(logging.Filter):
    """Masks the tokens in what is about to be logged."""

    def filter(self, record):
        """Mask the text of a record; let every record pass."""
        message = record.getMessage()
        if ('/openapi_pec/' in message or 'access_token=' in message) and (masked := mask_tokens(message)) != message:
            record.msg, record.args = masked, ()
        return True


def install():
    """Have the tokens masked in the access log; once, however often this is called."""
    for logger in map(logging.getLogger, LOGGERS):
        if not any(type(known).__name__ == TokenFilter.__name__ for known in logger.filters):
            logger.addFilter(TokenFilter())
