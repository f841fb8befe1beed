"""What an update from the register costs, before it is asked for."""
from . import register_question
