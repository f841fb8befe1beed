from . import call_mixin
