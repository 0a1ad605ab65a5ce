"""A changelog- and commit-driven version manager for projects that ship Rust and Python together."""

__version__ = "0.0.0"  # verbump: version
