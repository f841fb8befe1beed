"""The page of who signs, its mails and uploads."""
