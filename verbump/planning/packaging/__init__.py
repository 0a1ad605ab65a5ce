"""Packaging: the files that package managers read, from a release's SHA256SUMS and what its manifests say."""
