"""`verbump publish`: a group; each target is a module `publish_<name>` with a `command`."""

from __future__ import annotations

from verbump.cli.lazy_group import LazyGroup

TARGETS = {
    "github": "A release on GitHub, with every file: draft, files, look, publish.",
    "pypi": "Wheels and source distribution into a Python index: ask, compare, upload what is missing, look.",
    "crates": "Crates into crates.io: dependencies first, resumable, limits counted.",
}

command = LazyGroup(
    name="publish",
    module="verbump.cli.publish_",
    prefix="VERBUMP_PUBLISH",
    table=TARGETS,
    help="""Upload what `build` made: what is missing is uploaded, what is there is compared by its digest.

    Running it twice is harmless: it says of each file which of the two it did.

    \b
    Example: verbump publish github --dry-run
    """,
    short_help="Upload what `build` made.",
)
