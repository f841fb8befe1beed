"""What can go wrong in a conversation with the PEC API, by what it means for the money.

None of these errors ever carries a token or a tax code in its text.
"""


class OpenapiPecError(Exception):
    """Base of all errors of this package.

    :param str message: what happened, in the vendor's or our own words, masked and bounded.
    :param int status: the HTTP status, 0 when there was no answer.
    :param code: the vendor's ``error``: a number (whole or not), a string or None.
    :param str reason: of our own words, their name: a key of const.service.ERROR_SENTENCES; None for the vendor's.
    :param str detail: what our own words name in brackets, if anything.
    """

    def __init__(self, message="", *, status=0, code=None, reason=None, detail=''):
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.reason = reason
        self.detail = detail

    def get_details(self):
        """Return all but the message, as another error of this package takes it (dict)."""
        return {'status': self.status, 'code': self.code, 'reason': self.reason, 'detail': self.detail}


def describe(error):
    """Return what a log may hold of an error (str): nothing that the service says in its own words."""
    return f'{type(error).__name__}, HTTP {error.status}, {error.reason}'


class NotSent(OpenapiPecError):
    """The request certainly never reached the service: it may be sent again."""


class OutcomeUnknown(OpenapiPecError):
    """The request may have been executed: only reading the record at the service shows whether it was."""


class OtherRecord(OutcomeUnknown):
    """The service was asked about one record and answered with another one: nothing is known of the first."""


class WrongCredentials(OutcomeUnknown):
    """Username, PIN or one-time password of a certificate are not accepted: there is no signature.

    The service says so in a way that its specification does not have: whether the attempt costs is not known.
    """


class TooSlow(OutcomeUnknown):
    """The time for reading ended before the answer came: nothing was changed, and it may be read later."""


class Refused(OpenapiPecError):
    """The service answered with its own error envelope: nothing was executed."""


class BadToken(Refused):
    """The token is wrong, expired, or lacks the scope of this call (HTTP 401, 403)."""


class NotEnabled(Refused):
    """A token was asked for with a scope that does not exist, or whose API the account has not enabled (HTTP 422)."""


class NoCredit(Refused):
    """The wallet holds too little (HTTP 402).

    :param needed: EUR the call costs, or None when the service does not say.
    :param available: EUR in the wallet, or None when the service does not say.
    """

    def __init__(self, message="", *, needed=None, available=None, **kwargs):
        super().__init__(message, **kwargs)
        self.needed = needed
        self.available = available


class Throttled(Refused):
    """Too many requests (HTTP 429): nothing was executed, try again later.

    :param float retry_after: seconds to wait.
    """

    def __init__(self, message="", *, retry_after=60.0, **kwargs):
        super().__init__(message, **kwargs)
        self.retry_after = retry_after


class NotFound(Refused):
    """The service knows no such record (HTTP 404, or 400 "Wrong id")."""


class Gone(NotFound):
    """The service does not know the identifier of a record, and says so exactly as its specification documents it."""


class NotReady(Refused):
    """The document does not exist yet (HTTP 406 on a download): ask again later."""
