"""How a GitHub answers: the table of its addresses, who may use them, and what all of them have in common."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from support.github_description import segment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from support.github_render import Renderer
    from support.github_state import Hosted, Token, World

DOCS = "https://docs.github.com/rest"
_PARAMETER = re.compile(r"\{(\w+)(\.\.\.|:int)?\}")


class Refusal(Exception):
    """An answer that says no, as GitHub words it."""

    def __init__(self, status: int, message: str, errors: Sequence[Mapping[str, str]] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.data: dict[str, Any] = {"message": message, "documentation_url": DOCS, "status": str(status)}
        if errors:
            self.data["errors"] = list(errors)


def invalid(resource: str, name: str, code: str, message: str = "") -> Refusal:
    """A 422 with one error of GitHub's form."""
    error = {"resource": resource, "field": name, "code": code, **({"message": message} if message else {})}
    return Refusal(422, "Validation Failed", [error])


@dataclass(kw_only=True)
class Answer:
    status: int = 200
    data: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""
    content_type: str = "application/json; charset=utf-8"


@dataclass(kw_only=True)
class Call:
    """A request on its way through the table. `hosted` is None where the address names no repository."""

    method: str
    params: dict[str, str]
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes
    data: dict[str, Any]
    token: Token | None
    world: World
    render: Renderer
    found: Hosted | None = None

    @property
    def hosted(self) -> Hosted:
        assert self.found is not None
        return self.found

    def number(self, name: str) -> int:
        return int(self.params[name])

    def text(self, name: str, default: str = "") -> str:
        value = self.data.get(name, default)
        return value if isinstance(value, str) else default

    def page(self, items: Sequence[Any]) -> Answer:
        """One page of a list, with the Link header that leads to its neighbours."""
        size = min(100, max(1, int(self.query.get("per_page", "30"))))
        page = max(1, int(self.query.get("page", "1")))
        last = max(1, -(-len(items) // size))
        links = []
        for relation, number in (("prev", page - 1), ("next", page + 1), ("last", last), ("first", 1)):
            if 1 <= number <= last and number != page:
                query = "&".join(f"{k}={segment(v)}" for k, v in {**self.query, "page": str(number)}.items())
                links.append(f'<{self.render.api}{self.params["path"]}?{query}>; rel="{relation}"')
        headers = {"Link": ", ".join(links)} if links else {}
        return Answer(data=list(items[(page - 1) * size : page * size]), headers=headers)


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, kw_only=True)
class Route:
    """One address. `writes` is the permission that it needs; `template` is that of GitHub's description."""

    method: str
    template: str
    handler: Handler
    writes: str = ""

    @property
    def pattern(self) -> re.Pattern[str]:
        kinds = {"...": ".+", ":int": "[0-9]+", None: "[^/]+"}
        parts = _PARAMETER.split(self.template)
        text = re.escape(parts[0])
        for name, kind, literal in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            text += f"(?P<{name}>{kinds[kind]}){re.escape(literal)}"
        return re.compile(text)

    def canonical(self, params: Mapping[str, str]) -> str:
        """The path with each parameter as one segment, as the description has it."""
        return _PARAMETER.sub(lambda found: segment(params[found[1]]), self.template)


ROUTES: list[Route] = []


def route(method: str, template: str, writes: str = "") -> Callable[[Handler], Handler]:
    """Enter a handler in the table; the first that matches answers."""

    def enter(handler: Handler) -> Handler:
        ROUTES.append(Route(method=method, template=template, handler=handler, writes=writes))
        return handler

    return enter


def check_permission(call: Call, needed: str) -> None:
    """Raises the refusal that GitHub gives where the token may not do this."""
    if call.token is None:
        if needed or call.hosted.is_private:
            raise Refusal(401, "Requires authentication") if needed else Refusal(404, "Not Found")
        return
    if needed and not set(needed.split("|")) & call.token.writes:
        who = "integration" if call.token.kind == "actions" else "personal access token"
        raise Refusal(403, f"Resource not accessible by {who}")


def may_push(call: Call) -> bool:
    """Whether the caller sees drafts."""
    return call.token is not None and "contents" in call.token.writes


def missing() -> Refusal:
    return Refusal(404, "Not Found")
