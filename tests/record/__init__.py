"""What filings and mailboxes have in common: paid once, followed, decided."""
