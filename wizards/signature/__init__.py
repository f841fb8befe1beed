"""The questions before a certificate for remote signatures is bought, and before many are signed."""
from . import certificate_purchase
from . import sign_many
