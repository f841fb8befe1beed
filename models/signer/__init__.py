"""The page of who signs: what is mailed to him, and what he uploads.

In the order in which it reads: files from outside; the page and its mail; the link; uploads; the mails and their
delivery.
"""
from . import ir_attachment
from . import file_content
from . import signer_mixin
from . import link
from . import upload
from . import signing_request
from . import mail_mail
from . import mail_notification
