"""Tests of what stands against spending: budgets, and a second manager."""
