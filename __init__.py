from . import const
from . import controllers
from . import models
from . import tools
from . import wizards
