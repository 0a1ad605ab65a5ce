"""Pure: what to do about it."""
