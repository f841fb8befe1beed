"""The account at the vendor: how it is connected, how its token is kept valid, and what the vendor tells of it."""
