"""The text that a changelog begins with, apart from what reads and edits one: printing it needs no more.

Source: Keep a Changelog 1.1.0.
"""

from __future__ import annotations

NEW_DOCUMENT = """\
# Changelog

Notable changes of each release. The format is that of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/);
versions follow [Semantic Versioning](https://semver.org/spec/v2.0.0.html).

## [Unreleased]
"""
