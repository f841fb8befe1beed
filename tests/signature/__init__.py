"""Powers of attorney that are signed remotely, with a one-time password."""
