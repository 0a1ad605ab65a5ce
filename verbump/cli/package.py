"""`verbump package`: a group; each ecosystem is a module `package_<name>` with a `command`."""

from __future__ import annotations

from verbump.cli.lazy_group import LazyGroup

ECOSYSTEMS = {
    "homebrew": "A formula for a Homebrew tap.",
    "conda": "A recipe for conda-forge or any channel, from the source distribution.",
    "chocolatey": "A nuspec and its install script.",
    "scoop": "A manifest for a Scoop bucket.",
    "winget": "The three manifests of the Windows Package Manager.",
    "docker": "A Dockerfile for several architectures, from the programs or the wheels.",
}

command = LazyGroup(
    name="package",
    module="verbump.cli.package_",
    prefix="VERBUMP_PACKAGE",
    table=ECOSYSTEMS,
    help="""Write the files that a package manager reads, from a release's SHA256SUMS.

    Name, description, licence and addresses come from Cargo.toml and pyproject.toml. The artifacts themselves need not
    be there. Nothing is uploaded.

    \b
    Example: verbump package homebrew --out -
    """,
    short_help="A package manager's files, from a release's SHA256SUMS.",
)
