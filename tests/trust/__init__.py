"""Signatures verified beyond their files."""
