"""Signed powers of attorney that Openapi verifies."""
