from . import const
from . import controllers
from . import models
from . import wizards
from .tools import token_mask

token_mask.install()
