"""GitHub's own description of its interfaces, and the check of every exchange against it.

REST: the slice of GitHub's OpenAPI document that verbump speaks, from `../shared/data`, else cut from npm's
`@octokit/openapi`. GraphQL: the schema in npm's `@octokit/graphql-schema`. What comes from npm is kept in `.cache/`;
`python -m support.github_description` fetches both there. Without either the tests are skipped, in CI they fail.
"""

from __future__ import annotations

import copy
import functools
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote

import pytest

from conftest import IS_CI, OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parent.parent.parent
SHARED = ROOT.parent / "shared" / "data" / "github-openapi-slice.json"
CACHE = ROOT / ".cache" / "github"
OPENAPI = ("@octokit/openapi@23.0.2", "package/generated/api.github.com.json")
GRAPHQL = ("@octokit/graphql-schema@15.26.1", "package/schema.graphql")
# What happened in this process, for the line at the end of the tests.
COUNTS: Counter[str] = Counter()

_PATHS = re.compile(
    r"/user|/rate_limit|/meta|/repos/\{owner\}/\{repo\}(?:|/immutable-releases|/tags|/contributors|/labels"
    r"|/(?:releases|issues|pulls|git|commits|compare|check-runs|statuses|branches|rules|contents|actions)(?:/.*)?)"
)
# Refusals that any request may meet; the description names them only here and there.
_ANYWHERE = {
    "301": "basic-error",
    "307": "basic-error",
    "401": "basic-error",
    "403": "basic-error",
    "404": "basic-error",
    "409": "basic-error",
    "422": "validation-error",
    "429": "basic-error",
    "500": "basic-error",
    "502": "basic-error",
    "503": "basic-error",
}


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A request and its answer. `path` has each parameter quoted as one segment; `server` is GitHub's own address."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    status: int
    answer_headers: Mapping[str, str]
    answer: bytes
    server: str = "https://api.github.com"


class Description:
    """GitHub's description of REST, as a judge of exchanges and a source of examples."""

    def __init__(self, document: dict[str, Any], *, is_trusted: bool = True) -> None:
        from openapi_core import Config, OpenAPI
        from openapi_spec_validator import OpenAPIV30SpecValidator

        self.examples: dict[str, Any] = document["components"]["examples"]
        # That the document itself is well formed costs a second: one test of this room asks.
        settings = Config(spec_validator_cls=None if is_trusted else OpenAPIV30SpecValidator)  # type: ignore[arg-type]
        self._judge = OpenAPI.from_dict(_with_refusals(document), config=settings)

    def example(self, name: str, owner: str, repo: str) -> Any:
        """GitHub's example of an answer, with the names of a repository in its addresses."""
        text = json.dumps(self.examples[name]["value"])
        for old in ("octocat/Hello-World", "octocat/example", "github/hello-world", "octo-org/octo-repo"):
            text = text.replace(old, f"{owner}/{repo}")
        return json.loads(text)

    def problems(self, exchange: Exchange) -> list[str]:
        """What in the exchange is not as GitHub describes it."""
        from openapi_core.exceptions import OpenAPIError
        from openapi_core.templating.paths.exceptions import PathError

        request, answer = _Request(exchange), _Response(exchange)
        problems = []
        try:
            self._judge.validate_request(request)
        except OpenAPIError as error:
            # Refused as it should be: the answer is still judged. An unknown address is never right.
            if exchange.status not in {400, 401, 404, 422} or isinstance(error, PathError):
                problems.append(f"{exchange.method} {exchange.path}: {_reasons(error)}")
        try:
            self._judge.validate_response(request, answer)
        except OpenAPIError as error:
            problems.append(f"{exchange.method} {exchange.path}: {exchange.status}: {_reasons(error)}")
        return problems


def _reasons(error: BaseException) -> str:
    """The error and what lies behind it: openapi-core keeps the reasons in its causes."""
    parts, current = [], error
    while True:
        parts.append(f"{type(current).__name__}: {current}"[:500])
        inner = getattr(current, "schema_errors", ())
        parts += [f"  at {'/'.join(map(str, each.path))}: {each.message}"[:300] for each in inner]
        if current.__cause__ is None:
            return "\n    ".join(parts)
        current = current.__cause__


def _with_refusals(document: dict[str, Any]) -> dict[str, Any]:
    whole = copy.deepcopy(document)
    for path in whole["paths"].values():
        for method, operation in path.items():
            if method not in {"get", "post", "put", "patch", "delete"}:
                continue
            for status, schema in _ANYWHERE.items():
                described = operation["responses"].setdefault(status, {"description": "refused"})
                if "$ref" not in described:
                    answer = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
                    described.setdefault("content", {"application/json": answer})
    _allow_null(whole)
    return whole


def _allow_null(part: Any) -> None:
    """Let `nullable` beside alternatives mean null, as GitHub means it (an author that is no account)."""
    if isinstance(part, dict):
        if part.get("nullable") and "type" not in part:
            for key in ("oneOf", "anyOf"):
                if key in part:
                    part[key] = [*part[key], {"type": "object", "nullable": True, "enum": [None]}]
        for value in part.values():
            _allow_null(value)
    elif isinstance(part, list):
        for value in part:
            _allow_null(value)


class _Request:
    """An exchange's request, as openapi-core wants to see it."""

    def __init__(self, exchange: Exchange) -> None:
        from openapi_core.datatypes import RequestParameters
        from werkzeug.datastructures import Headers, ImmutableMultiDict

        # Empty ones count as not given: gh sends `label=`, and GitHub takes it.
        query = [(name, value) for name, values in parse_qs(exchange.query).items() for value in values]
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(query), header=Headers(list(exchange.headers.items()))
        )
        self.host_url = exchange.server
        self.path = exchange.path
        self.full_url_pattern = exchange.server + exchange.path
        self.method = exchange.method.lower()
        self.body = exchange.body or None
        # Any type may be uploaded, says the description's prose; its schema knows one.
        is_upload = exchange.server.startswith("https://uploads.")
        self.content_type = "application/octet-stream" if is_upload else "application/json"


class _Response:
    def __init__(self, exchange: Exchange) -> None:
        self.data = exchange.answer or None
        self.status_code = exchange.status
        self.headers = dict(exchange.answer_headers)
        self.content_type = exchange.answer_headers.get("Content-Type", "application/json").partition(";")[0]


@functools.cache
def description() -> Description:
    """The description; skips the test where it is not at hand."""
    place = SHARED if SHARED.exists() else CACHE / "openapi-slice.json"
    if not place.exists():
        _fetch_or_skip()
    return Description(json.loads(place.read_text(encoding="utf-8")))


@functools.cache
def graphql_schema() -> Any:
    """GitHub's GraphQL schema; skips the test where it is not at hand."""
    from graphql import build_schema

    place = CACHE / "schema.graphql"
    if not place.exists():
        _fetch_or_skip()
    return build_schema(place.read_text(encoding="utf-8"), assume_valid=True, no_location=True)


def segment(value: str) -> str:
    """A parameter of a path as one segment."""
    return quote(value, safe="")


def slice_of(document: dict[str, Any]) -> dict[str, Any]:
    """The paths that verbump speaks, with all that they refer to."""
    kept = {**document, "paths": {path: value for path, value in document["paths"].items() if _PATHS.fullmatch(path)}}
    kept.pop("webhooks", None)
    kept.pop("x-webhooks", None)
    wanted: set[tuple[str, str]] = set()
    todo: list[Any] = [kept["paths"]]
    while todo:
        for kind, name in re.findall(r'"#/components/(\w+)/([^"]+)"', json.dumps(todo.pop())):
            if (kind, name) not in wanted:
                wanted.add((kind, name))
                todo.append(document["components"][kind][name])
    components: dict[str, dict[str, Any]] = {}
    # Refusals are judged by these two, also where no path of the slice names them.
    for kind, name in wanted | {("schemas", "basic-error"), ("schemas", "validation-error")}:
        components.setdefault(kind, {})[name] = document["components"][kind][name]
    return {**kept, "components": components}


def fetch() -> None:
    """What is missing, from npm, into `.cache/github`. Raises: OSError, CalledProcessError."""
    CACHE.mkdir(parents=True, exist_ok=True)
    if not (CACHE / "schema.graphql").exists():
        _keep("schema.graphql", _packed(*GRAPHQL))
    if not SHARED.exists() and not (CACHE / "openapi-slice.json").exists():
        _keep("openapi-slice.json", json.dumps(slice_of(json.loads(_packed(*OPENAPI)))).encode())


def _keep(name: str, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=CACHE, delete=False) as file:
        file.write(content)
    Path(file.name).replace(CACHE / name)


def _packed(package: str, member: str) -> bytes:
    """One file of an npm package."""
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm is not installed")
    with tempfile.TemporaryDirectory() as folder:
        argv = [npm, "pack", "--silent", "--ignore-scripts", package]
        subprocess.run(argv, cwd=folder, check=True, capture_output=True, timeout=300, env=OUTSIDE)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as packed:
            file = packed.extractfile(member)
            assert file is not None
            return file.read()


def _fetch_or_skip() -> None:
    try:
        fetch()
    except (OSError, subprocess.SubprocessError) as error:
        reason = f"GitHub's description of its interfaces is not at hand: {error}"
        if IS_CI:
            pytest.fail(reason)
        pytest.skip(reason)


@dataclass
class Judgement:
    """What came of judging the exchanges of one server."""

    problems: list[str] = field(default_factory=list)

    def take(self, exchange: Exchange) -> None:
        COUNTS["rest"] += 1
        self.problems += description().problems(exchange)

    def take_graphql(self, query: str) -> None:
        from graphql import GraphQLError, parse, validate

        COUNTS["graphql"] += 1
        try:
            self.problems += [f"GraphQL: {error}" for error in validate(graphql_schema(), parse(query))]
        except GraphQLError as error:
            self.problems.append(f"GraphQL: {error}")


def summary(counts: Mapping[str, int]) -> str:
    """One line for the end of the tests, "" where no server ran."""
    if not counts:
        return ""
    return (
        f"GitHub: {counts.get('rest', 0)} exchanges validated against its OpenAPI description, "
        f"{counts.get('graphql', 0)} queries against its GraphQL schema, "
        f"{counts.get('unvalidated', 0)} unvalidated; {counts.get('faults', 0)} answers spoilt on purpose"
    )


if __name__ == "__main__":
    fetch()
