"""The questions before a certificate for remote signatures is bought, and before a lost purchase is freed."""
from . import certificate_freeing
from . import certificate_purchase
