"""The question before documents are mailed to who signs them: ``mailing``, with one line for each person."""
from . import mailing_line
from . import mailing
