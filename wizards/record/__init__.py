"""The decision on a lost answer."""
from . import reconcile
