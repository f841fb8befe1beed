from . import callback
from . import procure
from . import signer
