"""Certified mailboxes."""
