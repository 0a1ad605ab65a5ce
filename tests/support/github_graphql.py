"""GitHub's GraphQL, answered by graphql-core against GitHub's own schema: what verbump and gh ask of it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from support.github_description import graphql_schema
from support.github_state import MOMENT

if TYPE_CHECKING:
    from support.github_routes import Call
    from support.github_state import Hosted, Release


def answer(call: Call, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    """`data`, and `errors` where there are any; each field is of the type that the schema gives it."""
    from graphql import execute_sync, parse

    root = {
        "viewer": lambda _: _viewer(call),
        "repository": lambda _, owner, name, **__: _repository(call, f"{owner}/{name}"),
        "createCommitOnBranch": lambda _, **given: _create_commit(call, given["input"]),
        "updateRefs": lambda _, **given: _update_refs(call, given["input"]),
    }
    done = execute_sync(graphql_schema(), parse(query), root, variable_values=variables)
    made: dict[str, Any] = {"data": done.data}
    if done.errors:
        made["errors"] = [
            {"type": getattr(each.original_error, "kind", "INTERNAL"), "path": each.path, "message": each.message}
            for each in done.errors
        ]
    return made


class _Failed(Exception):
    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def _viewer(call: Call) -> dict[str, Any]:
    assert call.token is not None
    return {"login": call.token.account.login, "id": f"U_{call.token.account.id}", "databaseId": call.token.account.id}


def _repository(call: Call, full_name: str) -> dict[str, Any]:
    hosted = _hosted(call, full_name)

    def release(_: Any, tagName: str) -> dict[str, Any] | None:  # noqa: N803  the schema's name
        found = next((each for each in hosted.releases if each.tag == tagName), None)
        return _release(hosted, found) if found else None

    def ref(_: Any, qualifiedName: str) -> dict[str, Any] | None:  # noqa: N803  the schema's name
        oid = hosted.git.oid(qualifiedName)
        return {"id": f"REF_{oid}", "name": qualifiedName.rpartition("/")[2]} if oid else None

    nodes = [_release(hosted, each) for each in reversed(hosted.releases)]
    return {
        "id": f"R_{hosted.full_name}",
        "name": hosted.name,
        "owner": {"__typename": "User", "login": hosted.owner},
        "release": release,
        "ref": ref,
        "releases": lambda _, **__: {"nodes": nodes, "pageInfo": {"hasNextPage": False, "endCursor": None}},
    }


def _release(hosted: Hosted, release: Release) -> dict[str, Any]:
    return {
        "databaseId": release.id,
        "name": release.name,
        "tagName": release.tag,
        "isDraft": release.draft,
        "isLatest": release.id == hosted.latest,
        "isPrerelease": release.prerelease,
        "immutable": release.immutable,
        "createdAt": MOMENT,
        "publishedAt": None if release.draft else MOMENT,
    }


def _create_commit(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """A commit on a branch, signed by GitHub; refused where the branch has moved from `expectedHeadOid`."""
    where = given["branch"]
    hosted = _hosted(call, where["repositoryNameWithOwner"])
    if call.token is None or "contents" not in call.token.writes:
        raise _Failed("FORBIDDEN", "Resource not accessible by integration")
    branch, git = where["branchName"].removeprefix("refs/heads/"), hosted.git
    tip = git.branch_tip(branch)
    if not tip:
        raise _Failed("NOT_FOUND", f"Could not resolve to a Ref with the name '{branch}'.")
    if tip != given["expectedHeadOid"]:
        message = (
            f'Expected branch to point to "{given["expectedHeadOid"]}" but it points to "{tip}". Pull and try again.'
        )
        raise _Failed("STALE_DATA", message)
    index = {"GIT_INDEX_FILE": str(git.path / f"index-{call.world.bot.id}-{next(call.world.ids)}")}
    git.git("read-tree", tip, env=index)
    changes = given.get("fileChanges", {})
    for each in changes.get("additions", []):
        oid = git.git("hash-object", "-w", "--stdin", data=base64.b64decode(each["contents"], validate=True))
        mode = git.git("ls-files", "--stage", "--", each["path"], env=index)[:6] or "100644"
        git.git("update-index", "--add", "--cacheinfo", f"{mode},{oid},{each['path']}", env=index)
    for each in changes.get("deletions", []):
        git.git("update-index", "--force-remove", "--", each["path"], env=index)
    tree = git.git("write-tree", env=index)
    said = given["message"]
    text = said["headline"] + (f"\n\n{said['body']}" if said.get("body") else "")
    login = call.token.account.login
    who = {"GIT_AUTHOR_NAME": login, "GIT_AUTHOR_EMAIL": f"{login}@users.noreply.github.com"}
    who |= {"GIT_COMMITTER_NAME": "GitHub", "GIT_COMMITTER_EMAIL": "noreply@github.com"}
    sha = git.git("commit-tree", tree, "-p", tip, "-F", "-", data=text.encode(), env=who)
    git.git("update-ref", f"refs/heads/{branch}", sha, tip)
    commit = {"oid": sha, "url": f"{call.render.site}/{hosted.full_name}/commit/{sha}", "signature": {"isValid": True}}
    return {"commit": commit, "ref": {"name": branch}, "clientMutationId": given.get("clientMutationId")}


def _update_refs(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """Refs moved, made and deleted as one, each only from where it was; a zero id stands for "no ref"."""
    hosted = next(each for each in call.world.repositories.values() if f"R_{each.full_name}" == given["repositoryId"])
    if call.token is None or "contents" not in call.token.writes:
        raise _Failed("FORBIDDEN", "Resource not accessible by integration")
    git, lines = hosted.git, ["start"]
    for each in given["refUpdates"]:
        name, now = each["name"], git.oid(each["name"]) or "0" * 40
        if each.get("beforeOid") not in {None, now}:
            raise _Failed("UNPROCESSABLE", f"Reference {name} is at {now}, expected {each['beforeOid']}")
        after = each["afterOid"]
        is_forward = not each.get("force") and set(now) != {"0"} and set(after) != {"0"}
        if is_forward and git.git("rev-list", "--count", now, f"^{after}") != "0":
            raise _Failed("UNPROCESSABLE", "Update is not a fast forward")
        lines.append(f"update {name} {after} {now}" if set(after) != {"0"} else f"delete {name} {now}")
    git.git("update-ref", "--stdin", data="\n".join([*lines, "prepare", "commit", ""]).encode())
    return {"clientMutationId": given.get("clientMutationId")}


def _hosted(call: Call, full_name: str) -> Hosted:
    found = call.world.repositories.get(full_name.lower())
    if found is None:
        raise _Failed("NOT_FOUND", f"Could not resolve to a Repository with the name '{full_name}'.")
    return found
