"""The question before a certificate for remote signatures is bought."""
from . import certificate_purchase
