"""The account at the vendor: how it is connected, and how its token is kept valid."""
