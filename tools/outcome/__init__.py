"""What became of a call whose answer was lost: something was created, or changed; and what was made elsewhere."""
