"""The questions before a certificate for remote signatures is bought, a lost purchase is freed, and many are signed."""
from . import certificate_freeing
from . import certificate_purchase
from . import sign_many
