from . import trust
