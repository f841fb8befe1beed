"""The page of a signer: what is mailed to him, and what he uploads.

In the order in which it reads:

- files from outside: ``ir_attachment``, ``file_content``;
- a record with such a page: ``signer_mixin`` (all its fields), ``link`` (the link to the page), ``mailing`` (its mail);
- what is uploaded on a page: ``upload``;
- a mail and its delivery: ``signing_request``, ``mail_mail``, ``mail_notification``.
"""
from . import ir_attachment
from . import file_content
from . import signer_mixin
from . import link
from . import mailing
from . import upload
from . import signing_request
from . import mail_mail
from . import mail_notification
