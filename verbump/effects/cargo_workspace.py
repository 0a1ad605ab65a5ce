"""The crates of a workspace as cargo sees them, and what it packs of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verbump.effects import artifacts, git_environment, tools
from verbump.effects.redaction import redact
from verbump.errors import Problem, Refused
from verbump.planning.publish_crates import CRATES_IO, Member, file_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_QUOTED_LINES = 25
_ADVICE = (
    (
        re.compile(r"contain changes that were not yet committed"),
        "commit or stash them: what is published is what is tagged",
    ),
    (
        re.compile(r"lock file .* needs to be updated|cannot (?:update|create) the lock file"),
        "cargo update --workspace",
    ),
    (re.compile(r"\b429\b|Too Many Requests"), "run it again after the time that it names"),
    (re.compile(r"\b40[13]\b|no token found|please run `cargo login`"), "cargo login, or CARGO_REGISTRY_TOKEN"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """`root` holds Cargo.lock where `is_locked`; `target` is where cargo packs."""

    root: Path
    target: Path
    members: tuple[Member, ...]
    is_locked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A run of cargo: `said` is its output without secrets."""

    status: int
    said: str


def read_workspace(folder: Path) -> Workspace:
    """The workspace to which the Cargo.toml in `folder` belongs.

    Raises:
        Refused: there is none, cargo is missing or cannot read it.
    """
    if not (folder / "Cargo.toml").is_file():
        message = f"{folder}: no Cargo.toml here"
        raise Refused([Problem(code="no-crate", message=message, hint="verbump -C FOLDER publish crates")])
    done = run_cargo(folder, "metadata", "--no-deps", "--format-version", "1", "--offline", is_data=True)
    if done.status != 0:
        raise failure("cargo metadata", done)
    data = json.loads(done.said)
    packages = [each for each in data["packages"] if each["id"] in set(data["workspace_members"])]
    folders = {str(Path(each["manifest_path"]).parent): each["name"] for each in packages}
    root = Path(data["workspace_root"])
    return Workspace(
        root=root,
        target=Path(data["target_directory"]),
        members=tuple(_member(each, folders) for each in packages),
        is_locked=(root / "Cargo.lock").is_file(),
    )


def pack(workspace: Workspace, members: Sequence[Member], registry: str, *, is_verified: bool) -> dict[str, str]:
    """Name to SHA-256 of what cargo packs of each for the registry; `is_verified`: each is also compiled as packed.

    Raises:
        Refused: cargo cannot pack one of them.
    """
    names = [word for each in members for word in ("-p", each.name)]
    options = options_for(workspace, registry) + ([] if is_verified else ["--no-verify"])
    done = run_cargo(workspace.root, "package", *options, *names)
    if done.status != 0:
        raise failure("cargo package", done)
    return {each.name: packed_sha256(workspace, each) for each in members}


def options_for(workspace: Workspace, registry: str) -> list[str]:
    """What `cargo package` and `cargo publish` have in common."""
    return [
        *(["--registry", registry] if registry != CRATES_IO else []),
        *(["--locked"] if workspace.is_locked else []),
    ]


def packed_sha256(workspace: Workspace, member: Member) -> str:
    """The SHA-256 of what cargo packed last of the crate, "" where it has not."""
    path = workspace.target / "package" / file_name(member)
    return artifacts.sha256_of(path) if path.is_file() else ""


def run_cargo(folder: Path, *arguments: str, secrets: Mapping[str, str] | None = None, is_data: bool = False) -> Ran:
    """Run cargo to its end in `folder`; `secrets` are the only secret variables that it gets.

    Raises:
        Refused: cargo is missing.
    """
    program = tools.find_program("cargo")
    if program is None:
        message = "cargo is not here: publishing crates needs it"
        raise Refused([Problem(code="tool-missing", message=message, hint="https://rustup.rs")])
    environment = {**git_environment.without_secrets(dict(os.environ)), "CARGO_TERM_COLOR": "never"}
    done = subprocess.run(  # noqa: PLW1510  the status is judged by the caller
        [program, *arguments],
        cwd=folder,
        env={**environment, **(secrets or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    said = done.stdout if is_data and done.returncode == 0 else done.stderr
    text = said.decode("utf-8", "replace")
    if not is_data or done.returncode != 0:
        text = redact(text)
        for secret in (secrets or {}).values():
            text = text.replace(secret, "***") if len(secret) > 3 else text
    return Ran(status=done.returncode, said=text)


def advice_on(said: str) -> str:
    """What mends what cargo says, "" where nothing is known."""
    return next((hint for pattern, hint in _ADVICE if pattern.search(said)), "")


def quoted(said: str) -> str:
    """The end of what cargo says."""
    return "\n".join(said.strip().split("\n")[-_QUOTED_LINES:])


def failure(what: str, done: Ran) -> Refused:
    """Why nothing can be published: cargo's own words."""
    message = f"{what} failed with status {done.status}:\n{quoted(done.said)}"
    return Refused([Problem(code="cargo-failed", message=message, hint=advice_on(done.said))])


def _member(package: dict[str, Any], folders: Mapping[str, str]) -> Member:
    listed = package.get("publish")
    needs = {
        folders[each["path"]]
        for each in package["dependencies"]
        # Of a dev-dependency without a version cargo publishes nothing.
        if each.get("path") in folders and not (each["kind"] == "dev" and each["req"] == "*")
    }
    lacks = [] if package.get("description") else ["a description"]
    lacks += [] if package.get("license") or package.get("license_file") else ["a license"]
    return Member(
        name=package["name"],
        version=package["version"],
        registries=None if listed is None else tuple(listed),
        needs=tuple(sorted(needs - {package["name"]})),
        lacks=tuple(lacks),
    )
