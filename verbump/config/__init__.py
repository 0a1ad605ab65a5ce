"""[tool.verbump] → Config: defaults, types, and every mistake named with its place and the likely meaning."""

from __future__ import annotations

from verbump.config.descriptions import DESCRIPTIONS
from verbump.config.reading import find_table, json_schema, parse
from verbump.config.settings import (
    DEFAULT,
    BuildConfig,
    CheckConfig,
    Config,
    EnvironmentsConfig,
    GitHubConfig,
    HooksConfig,
    ManifestEntry,
    NotesConfig,
    PackageConfig,
    PublishConfig,
    TypeRule,
    WorkflowsConfig,
    usual_zero_version,
)

__all__ = [
    "DEFAULT",
    "DESCRIPTIONS",
    "BuildConfig",
    "CheckConfig",
    "Config",
    "EnvironmentsConfig",
    "GitHubConfig",
    "HooksConfig",
    "ManifestEntry",
    "NotesConfig",
    "PackageConfig",
    "PublishConfig",
    "TypeRule",
    "WorkflowsConfig",
    "find_table",
    "json_schema",
    "parse",
    "usual_zero_version",
]
