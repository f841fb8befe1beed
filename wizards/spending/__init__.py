"""What the questions before clicks that cost have in common."""
from . import question_mixin
