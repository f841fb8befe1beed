"""How an account at the vendor is connected, with its e-mail and key."""
from . import connect
