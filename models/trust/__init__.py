"""What is verified of signatures beyond their files, over the network where a company wants that.

- ``trust``: a file's verdict with what is verified beyond it; whatever reaches out does so here, with no transaction
  open that could be run again;
- ``trust_anchor``: who may sign the European list of lists, as a system administrator has confirmed it;
- ``trusted_list``: the lists as they were verified, and the job that keeps them;
- ``certificate_status``: what became known of the revocation of certificates;
- ``revocation_copy``: what was fetched of it, kept for a while;
- ``settings``: whether a company verifies over the network.
"""
from . import trust_anchor
from . import trusted_list
from . import certificate_status
from . import revocation_copy
from . import trust
from . import settings
