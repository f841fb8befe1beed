"""Communications to the register."""
