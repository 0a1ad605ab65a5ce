"""What has to be done so that a Python index holds exactly these distributions: from what it holds, purely.

A published file never changes: one of the same name with another content is an error, whatever the index would do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

from verbump.domain import distributions, versions
from verbump.errors import InputError, Problem, UsageError
from verbump.planning import artifacts
from verbump.planning.actions import LocalFile, Plan, UploadDistribution, actions_of
from verbump.planning.artifacts import AGAIN, Expected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from verbump.planning.artifacts import Artifact
    from verbump.planning.registered import Registered

PYPI = "https://upload.pypi.org/legacy/"
TESTPYPI = "https://test.pypi.org/legacy/"
ATTESTATION = ".publish.attestation"
# Upload address → twine's name for it, and the index where the files are seen.
_KNOWN = {
    PYPI: ("pypi", "https://pypi.org/simple"),
    TESTPYPI: ("testpypi", "https://test.pypi.org/simple"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Where to upload and where to look. `url` holds no credentials; `userinfo` are those that it was given with.

    `looks` are the addresses under which the project may be listed; `name` is twine's own for it, "" where it has none.
    """

    url: str
    looks: tuple[str, ...]
    name: str = ""
    userinfo: tuple[str, str] = ("", "")

    @property
    def is_plain(self) -> bool:
        """Whether what is sent there can be read on the way: http to another machine."""
        parts = urlsplit(self.url)
        return parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}


def find_index(url: str | None, index_url: str | None) -> Index:
    """The index that the options and the configuration mean.

    Raises:
        UsageError: one of the addresses is none.
    """
    bare, userinfo = _without_userinfo(url or PYPI)
    for known, (name, look) in _KNOWN.items():
        if bare.rstrip("/") == known.rstrip("/"):
            return Index(url=known, looks=(_checked(index_url or look),), name=name, userinfo=userinfo)
    if index_url:
        return Index(url=bare, looks=(_checked(index_url),), userinfo=userinfo)
    base = bare.rstrip("/").removesuffix("/legacy").removesuffix("/simple")
    # pypiserver, Artifactory, Nexus, GitLab; then devpi.
    return Index(url=bare, looks=(f"{base}/simple", f"{base}/+simple"), userinfo=userinfo)


def _without_userinfo(url: str) -> tuple[str, tuple[str, str]]:
    parts = urlsplit(_checked(url))
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=host)), (unquote(parts.username or ""), unquote(parts.password or ""))


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_right = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_right = False
    if not is_right or any(letter.isspace() for letter in url):
        hint = "such as https://test.pypi.org/legacy/"
        shown = url.rpartition("@")[2]  # a password may stand before it
        raise UsageError(f"{shown}: not an address to upload to", hint=hint, code="bad-url")
    return url


def find_distributions(found: Sequence[Artifact]) -> tuple[Artifact, ...]:
    """The wheels and source distributions, wheels first: an installer that sees some of them builds nothing."""
    meant = [each for each in found if each.kind in {"wheel", "sdist"}]
    return tuple(sorted(meant, key=lambda each: (each.kind != "wheel", each.name)))


def find_problems(found: Sequence[Artifact], sums: str | None, project: str | None) -> Iterator[Problem]:
    """Everything that forbids to publish the files of a folder, before an index is asked.

    `found` are all its files, `sums` the text of its SHA256SUMS, `project` the name in pyproject.toml.
    """
    if sums is not None:
        yield from artifacts.find_sum_problems(sums, found)
    meant = find_distributions(found)
    if not meant:
        message = "there is no wheel and no source distribution"
        yield Problem(code="no-distributions", message=message, hint=AGAIN)
        return
    first = meant[0]
    named = first.metadata
    if named is None:
        version = "0.0.0"
    else:
        version = named.version
        project = project or named.name
    try:
        expected = Expected(version=versions.from_pep440(version), project=project, is_whole=False)
    except InputError as error:
        yield Problem(code=error.code, message=f"{first.name}: {error.message}", hint=error.hint)
        return
    yield from artifacts.find_problems(meant, expected)


def plan_publish(meant: Sequence[Artifact], there: Registered, index: Index) -> Plan:
    """What makes the index hold `meant`: an upload for each that it lacks; a problem for each that differs."""
    problems: list[Problem] = []
    actions: list[UploadDistribution] = []
    for each in meant:
        other = _other_name(each, there)
        held = there.hashes.get(each.name)
        if other is not None:
            problems.append(_differs(f"{index.url} has {other}, which is {each.name} under another name"))
        elif held is None:
            file = LocalFile(name=each.name, size=each.size, sha256=each.sha256)
            actions.append(UploadDistribution(file=file, repository_url=index.url))
        elif held == "":
            message = f"{there.url} has {each.name}, but tells no SHA-256 of it, and it cannot be fetched to compare"
            problems.append(Problem(code="hash-unknown", message=message, hint="compare it by hand"))
        elif held != each.sha256:
            message = f"{there.url} has another {each.name}: SHA-256 {held} there, {each.sha256} here"
            problems.append(_differs(message))
    return Plan(actions=tuple(actions), problems=tuple(problems))


def find_uploads(plan: Plan) -> tuple[UploadDistribution, ...]:
    """The uploads of a plan, in order."""
    return tuple(actions_of(plan.actions, UploadDistribution))


def find_missing(meant: Iterable[Artifact], there: Registered) -> tuple[str, ...]:
    """Names of the files that the index does not hold as they are here."""
    return tuple(each.name for each in meant if there.hashes.get(each.name) != each.sha256)


def _differs(message: str) -> Problem:
    hint = "a published file is never replaced: release the next version, or get the files that were published"
    return Problem(code="file-differs", message=message, hint=hint)


def _other_name(each: Artifact, there: Registered) -> str | None:
    """Another spelling of the same source distribution, of which an index takes one only."""
    if each.kind != "sdist" or each.name in there.hashes:
        return None
    mine = distributions.parse_sdist_name(each.name)
    for name in there.hashes:
        try:
            if distributions.parse_sdist_name(name) == mine:
                return name
        except InputError:
            continue
    return None


def find_project(found: Sequence[Artifact]) -> str:
    """The name of the project whose files these are. All are of one: `find_problems` has said so."""
    named = found[0].metadata
    assert named is not None
    return named.name
