"""What an operation answers: a reply, or a refusal taken from the table of refusals."""
import json
from dataclasses import dataclass, field

from .const import BODILESS_ERRORS, LIMITS, PLAIN_TEXT_ERRORS, REFUSALS


@dataclass(frozen=True)
class Reply:
    """An answer that is ready to be sent.

    :param status: HTTP status
    :param body: bytes of the body
    :param content_type: media type, without parameters
    :param executed: whether the call took effect: something was paid or stored
    :param headers: dict of further headers
    """
    status: int
    body: bytes = b''
    content_type: str = 'application/json'
    executed: bool = False
    headers: dict = field(default_factory=dict)


class Refused(Exception):
    """Raised by an operation, before it changes anything."""

    def __init__(self, operation, reason, **words):
        """
        :param operation: name of the operation, ``'POST /comunica_pec'``
        :param reason: key of the table of refusals beside the operation, or of that of a token's limits
        :param words: what the message's placeholders stand for
        """
        status, error, message = LIMITS.get(reason) or REFUSALS[operation, reason]
        message = message.format(**words)
        super().__init__(message)
        if operation in BODILESS_ERRORS and reason not in LIMITS:
            self.reply = Reply(status)
        elif operation in PLAIN_TEXT_ERRORS:
            self.reply = Reply(status, message.encode(), 'text/plain')
        else:
            self.reply = json_reply(status, {'success': False, 'message': message, 'error': error, 'data': None})


def json_reply(status, value, executed=False):
    """Reply with any JSON value.

    :param value: what ``json.dumps`` takes
    :rtype: Reply
    """
    return Reply(status, json.dumps(value).encode(), executed=executed)


def success(data, message='', executed=False):
    """Reply with the vendor's envelope.

    :param data: the record, or the list of records
    :rtype: Reply
    """
    envelope = {'data': data, 'success': True, 'message': message, 'error': None}
    return json_reply(200, envelope, executed=executed)
