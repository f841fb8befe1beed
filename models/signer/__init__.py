"""The page of a signer: what is mailed to him, and what he uploads.

In the order in which it reads:

- files from outside: ``ir_attachment``, ``file_content``;
- a record with such a page: ``signer_mixin`` (all its fields), ``link`` (the link to the page), ``mailing`` (its mail),
  ``reminding`` (its reminders), ``portal`` (who finds it under his account);
- what is done on a page: ``visit`` (when it was), ``upload`` (the files);
- a mail and its delivery: ``signing_request``, ``mail_mail``, ``mail_notification``.
"""
from . import ir_attachment
from . import file_content
from . import signer_mixin
from . import link
from . import mailing
from . import reminding
from . import portal
from . import visit
from . import upload
from . import signing_request
from . import mail_mail
from . import mail_notification
