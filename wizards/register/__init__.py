"""A chamber's list of irregular addresses: read (``notice_list``), compared (``notice_match``), and noted."""
from . import notice_list
from . import notice_list_line
from . import notice_match
