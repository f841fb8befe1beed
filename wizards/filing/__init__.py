"""Communications: the last question before they are sent, signed files that come back, the reason for another document.
"""
from . import submit
from . import delivery
from . import upload
from . import upload_line
