"""What each setting is for, as `verbump schema`, editors and the reference show it.

Source: commands.md, "Configuration".
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Of each record its settings, as `verbump schema` and editors show them.
DESCRIPTIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "Config": {
            "tag_format": "How tags are named, with one {version}. Found: as the highest reachable final tag is.",
            "initial_version": "The first release's version. Found: what the manifests say if above 0.0.0, else 0.1.0.",
            "zero_version": "What breaking changes and features are below 1.0.0. Left out: minor; with compat, strict.",
            "types": "Commit type to {bump, category}: changes or adds rows of the rule table.",
            "convention": "The commit convention: Conventional Commits, or what [tool.commitizen] names.",
            "compat": "Another tool's bump rules, in place of verbump's own.",
            "changelog": "The changelog's path, or false.",
            "manifests": "Files that state the version: paths, or {path, key | pattern, scheme}.",
            "release_branches": "Globs of the branches that may release; a maintenance branch may not leave its range.",
            "prerelease_branches": "Branch glob to pre-release token.",
            "commit_message": "The release commit's subject, with {version}.",
            "squash": "Whether bullets in the body of a squashed commit are commits of their own.",
            "overrides": "Commit sha, of 7 digits or more, to the message that stands for that commit's.",
            "include": "Path globs of the commits that count.",
            "exclude": "Path globs of the commits that do not count.",
            "packages": "Packages with versions of their own. Found: the crates of a workspace whose versions differ.",
            "dependents": "What a release does to packages that depend on it: their requirement, or a patch release.",
            "categories": "Titles of the changelog's categories, in their order.",
            "template": "A template folder inside the repository.",
            "git_hooks": "Run pre-commit and commit-msg on the release tree.",
            "remote": "The remote to push to. Found: the upstream's, else origin.",
            "hooks": "Commands to run before the release commit and after the release.",
            "notes": "What release notes hold.",
            "check": "What verbump check allows: strict, types, scopes, header_length.",
            "build": "How the project is built and its wheels are tested.",
            "github": "What a release does on GitHub beside its tag.",
            "publish": "Where the project is published, and how verbump proves who it is there.",
            "workflows": "Which workflows are written, and how.",
        },
        "TypeRule": {
            "bump": "How far a release with such a commit goes.",
            "category": "The title under which its entry stands. Without it the commit has no entry.",
        },
        "ManifestEntry": {
            "path": "The file, from the top of the repository, with forward slashes; with a pattern also a glob.",
            "key": "Where the version stands in a TOML or JSON file: package.version.",
            "pattern": "A regular expression with one group (?P<version>...), for any other file.",
            "scheme": "How this file spells versions. Found: pep440 for Python's files, else semver.",
        },
        "HooksConfig": {
            "before_commit": "Commands, each a list of words, run on the release tree before the commit.",
            "after_release": "Commands, each a list of words, run after the push; their failure undoes nothing.",
            "paths": "Files that before_commit changes beside the release's own; they become part of the release.",
        },
        "NotesConfig": {
            "contributors": "Name who contributed, and who did so for the first time.",
            "compare_link": "End with a link to the comparison with the version before.",
            "checksums": "End with a table of the files' SHA-256, from SHA256SUMS.",
            "max_length": "The longest notes that the forge takes, in UTF-16 units.",
        },
        "CheckConfig": {
            "strict": "Without a list of types: only those that verbump or the types setting knows.",
            "types": "The types that messages may have; empty for any.",
            "scopes": "The scopes that messages may have; empty for any.",
            "header_length": "The longest first line, in characters; 0 for any.",
        },
        "BuildConfig": {
            "targets": "Target triples to build for, and which verify expects; empty for this machine's.",
            "features": "Cargo features of the libraries and binaries.",
            "archives": "Crates whose binaries and C libraries are archived. Found: all that have one.",
            "interpreters": "Pythons to build for, a wheel each. Found: those that requires-python admits.",
            "tests": "Files and folders that the wheels are tested with, copied away from the source tree.",
            "test_command": "What runs there, in an environment that holds only the wheel; empty for nothing.",
            "test_requires": "What the tests need beside the wheel, as pip takes it.",
        },
        "EnvironmentsConfig": {
            "release": "Of the jobs that draft and publish the release on GitHub.",
            "pypi": "Of the job that uploads to PyPI; its name is part of the trusted publisher.",
            "crates": "Of the job that publishes to crates.io; its name is part of the trusted publisher.",
            "packages": "Of the jobs that hand derived packages on; holds their tokens.",
            "sign": "Of the jobs that sign for macOS and Windows; holds their secrets.",
        },
        "WorkflowsConfig": {
            "files": "What is written: release, release-pr, preview, ci, security, bench, dependabot.",
            "release": "The file name of the release workflow, in .github/workflows.",
            "targets": "Platforms where build.targets names none: standard is five, extended thirteen.",
            "pythons": "Pythons to build for and test on. Found: those that requires-python admits.",
            "free_threaded": "Wheels for free-threaded Pythons. Found: where a classifier says so.",
            "manylinux": "The manylinux policy of the wheels, such as 2_28.",
            "musllinux": "The musllinux policy of the wheels, such as 1_2.",
            "tests": "Test the wheels on the oldest and the newest Python, or on all.",
            "audit": "What known vulnerabilities of dependencies do to a release.",
            "attest": "Attest where the files come from.",
            "pypi": "Upload to PyPI. Found: where there is a Python project.",
            "crates": "Publish the crates to crates.io.",
            "bench": "Hold back a release whose benchmarks are slower than those of the version before.",
            "bench_percent": "How much slower a benchmark may be, in percent.",
            "sign": "Platforms whose programs are signed: macos (with notarization), windows.",
            "packages": "Derived packages that are made once the release is public.",
            "docker_base": "The image that a Docker image is made on, pinned: name@sha256:….",
            "homebrew_tap": "The repository, owner/name, that takes the Homebrew formula.",
            "scoop_bucket": "The repository, owner/name, that takes the Scoop manifest.",
            "ci_commands": "What ci also runs on Linux, each a list of words.",
            "ci_tests": "What ci runs on all systems, each a list of words. Found: verbump build.",
            "environments": "Names of the environments that guard the jobs.",
        },
        "GitHubConfig": {
            "comment_released": "Comment on the pull requests and issues of a release, once it is made.",
            "labels": "Labels of the pull request that release --pull-request opens.",
        },
        "PublishConfig": {
            "repository_url": "Where distributions are uploaded to. Left out: https://upload.pypi.org/legacy/.",
            "index_url": "The simple index where they are seen. Found: what belongs to repository_url.",
            "trusted_publishing": "auto: where CI and registry offer it, else a token; always; or never.",
            "registry": "The name of cargo's registry, as .cargo/config.toml has it. Left out: crates.io.",
        },
        "PackageConfig": {
            "name": "What --package, its tags and the release commit call it.",
            "path": "Its folder, from the top of the repository.",
            "tag_format": "How its tags are named, with one {version}. Found: as they are, else {name}-v{version}.",
            "changelog": "Its changelog's path from the top of the repository, or false. Found: in its folder.",
            "manifests": "Files that state its version: paths, or {path, key | pattern, scheme}. Found: in its folder.",
            "include": "Path globs of the commits that count for it. Without: its folder, less other packages' in it.",
            "exclude": "Path globs of the commits that do not count for it.",
        },
    }
)
