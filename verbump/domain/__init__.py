"""Pure: what the formats and rules are."""
