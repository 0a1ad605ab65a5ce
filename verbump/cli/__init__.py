"""click: parses, shows, exits. Decides nothing."""
