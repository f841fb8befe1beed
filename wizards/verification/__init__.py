"""The question before Openapi verifies a signed power of attorney."""
from . import verification_question
