"""The part of GitHub's GraphQL that verbump and gh speak: `viewer`, `createCommitOnBranch`, releases of a repository."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from support.github_routes import Call
    from support.github_state import Hosted


def answer(call: Call, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    """`data`, or `errors`, of a query that GitHub's schema has found well formed."""
    from graphql import FieldNode, OperationDefinitionNode, parse

    operation = next(each for each in parse(query).definitions if isinstance(each, OperationDefinitionNode))
    data: dict[str, Any] = {}
    for selected in operation.selection_set.selections:
        assert isinstance(selected, FieldNode)
        name = selected.name.value
        alias = selected.alias.value if selected.alias else name
        try:
            data[alias] = _FIELDS[name](call, variables)
        except _Failed as failed:
            error = {"type": failed.kind, "path": [alias], "message": str(failed)}
            return {"data": {**data, alias: None}, "errors": [error]}
    return {"data": data}


class _Failed(Exception):
    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def _viewer(call: Call, variables: dict[str, Any]) -> dict[str, Any]:
    assert call.token is not None
    return {"login": call.token.account.login, "id": f"U_{call.token.account.id}", "databaseId": call.token.account.id}


def _repository(call: Call, variables: dict[str, Any]) -> dict[str, Any] | None:
    hosted = _hosted(call, f"{variables.get('owner')}/{variables.get('name')}")
    tag = variables.get("tagName")
    found = next((each for each in hosted.releases if each.tag == tag), None)
    release = {"databaseId": found.id, "isDraft": found.draft} if found else None
    return {"id": f"R_{hosted.full_name}", "release": release, "name": hosted.name, "owner": {"login": hosted.owner}}


def _create_commit(call: Call, variables: dict[str, Any]) -> dict[str, Any]:
    """A commit on a branch, signed by GitHub; refused where the branch has moved from `expectedHeadOid`."""
    given = variables["input"]
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


def _hosted(call: Call, full_name: str) -> Hosted:
    found = call.world.repositories.get(full_name.lower())
    if found is None:
        raise _Failed("NOT_FOUND", f"Could not resolve to a Repository with the name '{full_name}'.")
    return found


_FIELDS = {"viewer": _viewer, "repository": _repository, "createCommitOnBranch": _create_commit}
