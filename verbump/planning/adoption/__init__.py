"""Adoption: what `verbump init` proposes for a repository, and another tool's configuration in verbump's words."""
