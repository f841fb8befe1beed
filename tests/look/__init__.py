"""Tests of look-ups in the business register."""
