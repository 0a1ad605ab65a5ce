"""Repository, refs, commits, issues, pull requests, check runs, workflows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from support.github_release_routes import REPO
from support.github_routes import Answer, Refusal, invalid, missing, route
from support.github_state import Comment, Pull

if TYPE_CHECKING:
    from support.github_routes import Call

_TALK = "issues|pull_requests"


@route("GET", "/user")
def user(call: Call) -> Answer:
    if call.token is None:
        raise Refusal(401, "Requires authentication")
    if call.token.kind == "actions":
        raise Refusal(403, "Resource not accessible by integration")
    from support.github_description import description

    made = description().example("private-user", "o", "r")
    return Answer(data={**made, "user_view_type": "private", **call.render.user(call.token.account)})


@route("GET", "/rate_limit")
def rate_limit(call: Call) -> Answer:
    from support.github_description import description

    return Answer(data=description().example("rate-limit-overview", "o", "r"))


@route("GET", REPO)
def repository(call: Call) -> Answer:
    return Answer(data=call.render.repository(call.hosted))


@route("GET", f"{REPO}/branches/{{branch...}}")
def branch(call: Call) -> Answer:
    if not call.hosted.git.branch_tip(call.params["branch"]):
        raise Refusal(404, "Branch not found")
    return Answer(data=call.render.branch(call.hosted, call.params["branch"]))


@route("GET", f"{REPO}/rules/branches/{{branch...}}")
def rules(call: Call) -> Answer:
    return call.page(call.hosted.rules.get(call.params["branch"], []))


@route("GET", f"{REPO}/git/ref/{{ref...}}")
def get_ref(call: Call) -> Answer:
    name = f"refs/{call.params['ref']}"
    if not call.hosted.git.oid(name):
        raise missing()
    return Answer(data=call.render.ref(call.hosted, name))


@route("GET", f"{REPO}/git/matching-refs/{{ref...}}")
def matching_refs(call: Call) -> Answer:
    wanted = f"refs/{call.params['ref']}"
    return call.page([call.render.ref(call.hosted, name) for name in call.hosted.git.refs() if name.startswith(wanted)])


@route("POST", f"{REPO}/git/refs", "contents")
def create_ref(call: Call) -> Answer:
    name, sha = call.text("ref"), call.text("sha")
    git = call.hosted.git
    if not name.startswith("refs/") or name.count("/") < 2 or not _is_ref(call, name):
        raise Refusal(422, "Reference name is not valid")
    if git.oid(name):
        raise Refusal(422, "Reference already exists")
    if not _has_object(call, sha):
        raise Refusal(422, "Object does not exist")
    git.git("update-ref", name, sha, "")
    return Answer(status=201, data=call.render.ref(call.hosted, name))


@route("PATCH", f"{REPO}/git/refs/{{ref...}}", "contents")
def move_ref(call: Call) -> Answer:
    name, sha = f"refs/{call.params['ref']}", call.text("sha")
    git = call.hosted.git
    old = git.oid(name)
    if not old:
        raise Refusal(422, "Reference does not exist")
    if not _has_object(call, sha):
        raise Refusal(422, "Object does not exist")
    if not call.data.get("force") and git.git("rev-list", "--count", old, f"^{sha}") != "0":
        raise Refusal(422, "Update is not a fast forward")
    git.git("update-ref", name, sha, old)
    return Answer(data=call.render.ref(call.hosted, name))


@route("DELETE", f"{REPO}/git/refs/{{ref...}}", "contents")
def delete_ref(call: Call) -> Answer:
    name = f"refs/{call.params['ref']}"
    if not call.hosted.git.oid(name):
        raise Refusal(422, "Reference does not exist")
    call.hosted.git.git("update-ref", "-d", name)
    return Answer(status=204)


@route("POST", f"{REPO}/git/tags", "contents")
def create_tag(call: Call) -> Answer:
    who = call.data.get("tagger") or {"name": "GitHub", "email": "noreply@github.com"}
    target, kind = call.text("object"), call.text("type")
    if not _has_object(call, target):
        raise Refusal(422, "Object does not exist")
    head = f"object {target}\ntype {kind}\ntag {call.text('tag')}\ntagger {who['name']} <{who['email']}>"
    text = f"{head} 1795392000 +0000\n\n{call.text('message')}"
    sha = call.hosted.git.git("hash-object", "-t", "tag", "-w", "--stdin", data=text.encode())
    return Answer(status=201, data=_tag(call, sha))


@route("GET", f"{REPO}/git/tags/{{tag_sha}}")
def get_tag(call: Call) -> Answer:
    if not _has_object(call, call.params["tag_sha"]):
        raise missing()
    return Answer(data=_tag(call, call.params["tag_sha"]))


@route("GET", f"{REPO}/commits")
def commits(call: Call) -> Answer:
    start = call.hosted.resolve(call.query.get("sha", call.hosted.default_branch))
    author = call.query.get("author")
    emails = [email for email, login in call.world.emails.items() if login == author]
    if author and not emails:
        return call.page([])
    who = [f"--author=<{email}>" for email in emails]
    shas = call.hosted.git.git("rev-list", "--fixed-strings", *who, start).split()
    return call.page([call.render.commit(call.hosted, sha) for sha in shas])


@route("GET", f"{REPO}/commits/{{commit_sha}}/pulls")
def pulls_of_commit(call: Call) -> Answer:
    sha = call.hosted.resolve(call.params["commit_sha"])
    found = [
        each
        for each in call.hosted.pulls
        # GitHub does not list an open pull request of a fork here.
        if sha == each.merge_sha
        or (not (each.head_repository and each.state == "open") and sha in call.render.pull_shas(call.hosted, each))
    ]
    return call.page([call.render.pull(call.hosted, each, is_simple=True) for each in found])


@route("GET", f"{REPO}/commits/{{ref}}/check-runs")
def check_runs_of(call: Call) -> Answer:
    sha = call.hosted.resolve(call.params["ref"])
    runs = [call.render.check_run(call.hosted, run) for run in call.hosted.check_runs if run["head_sha"] == sha]
    page = call.page(runs)
    return Answer(data={"total_count": len(runs), "check_runs": page.data}, headers=page.headers)


@route("GET", f"{REPO}/commits/{{ref...}}")
def commit(call: Call) -> Answer:
    sha = call.hosted.resolve(call.params["ref"])
    if not sha:
        raise Refusal(422, f"No commit found for SHA: {call.params['ref']}")
    return Answer(data=call.render.commit(call.hosted, sha))


@route("GET", f"{REPO}/compare/{{basehead...}}")
def compare(call: Call) -> Answer:
    base, _, head = call.params["basehead"].partition("...")
    if not call.hosted.resolve(base) or not call.hosted.resolve(head):
        raise missing()
    return Answer(data=call.render.comparison(call.hosted, base, head))


@route("GET", f"{REPO}/issues/{{issue_number:int}}/comments")
def list_comments(call: Call) -> Answer:
    _issue(call)
    found = [each for each in call.hosted.comments if each.issue == call.number("issue_number")]
    return call.page([call.render.comment(call.hosted, each) for each in found])


@route("POST", f"{REPO}/issues/{{issue_number:int}}/comments", _TALK)
def create_comment(call: Call) -> Answer:
    _issue(call)
    assert call.token is not None
    body = _body(call, "IssueComment")
    made = Comment(id=next(call.world.ids), issue=call.number("issue_number"), body=body, author=call.token.account)
    call.hosted.comments.append(made)
    return Answer(status=201, data=call.render.comment(call.hosted, made))


@route("GET", f"{REPO}/issues/comments/{{comment_id:int}}")
def get_comment(call: Call) -> Answer:
    return Answer(data=call.render.comment(call.hosted, _comment(call)))


@route("PATCH", f"{REPO}/issues/comments/{{comment_id:int}}", _TALK)
def change_comment(call: Call) -> Answer:
    comment = _comment(call)
    comment.body = _body(call, "IssueComment")
    return Answer(data=call.render.comment(call.hosted, comment))


@route("DELETE", f"{REPO}/issues/comments/{{comment_id:int}}", _TALK)
def delete_comment(call: Call) -> Answer:
    call.hosted.comments.remove(_comment(call))
    return Answer(status=204)


@route("GET", f"{REPO}/issues/{{issue_number:int}}")
def get_issue(call: Call) -> Answer:
    return Answer(data=call.render.issue(call.hosted, call.number("issue_number"), _issue(call)))


@route("GET", f"{REPO}/pulls")
def list_pulls(call: Call) -> Answer:
    state, head, base = (
        call.query.get(name, default) for name, default in (("state", "open"), ("head", ""), ("base", ""))
    )
    found = [
        each
        for each in reversed(call.hosted.pulls)
        if state in {each.state, "all"} and head in {"", _label(call, each)} and base in {"", each.base}
    ]
    return call.page([call.render.pull(call.hosted, each, is_simple=True) for each in found])


@route("POST", f"{REPO}/pulls", "pull_requests")
def create_pull(call: Call) -> Answer:
    assert call.token is not None
    head, base = call.text("head").rpartition(":")[2], call.text("base")
    for name, value in (("head", head), ("base", base)):
        if not call.hosted.git.branch_tip(value):
            raise invalid("PullRequest", name, "invalid")
    if any((each.head, each.base, each.state) == (head, base, "open") for each in call.hosted.pulls):
        message = f"A pull request already exists for {call.hosted.owner}:{head}."
        raise Refusal(422, "Validation Failed", [{"resource": "PullRequest", "code": "custom", "message": message}])
    if call.hosted.git.git("rev-list", "--count", f"refs/heads/{head}", f"^refs/heads/{base}") == "0":
        message = f"No commits between {base} and {head}"
        raise Refusal(422, "Validation Failed", [{"resource": "PullRequest", "code": "custom", "message": message}])
    pull = Pull(
        number=len(call.hosted.pulls) + len(call.hosted.issues) + 1,
        title=call.text("title"),
        body=call.text("body"),
        head=head,
        base=base,
        author=call.token.account,
        draft=call.data.get("draft", False),
    )
    call.hosted.pulls.append(pull)
    return Answer(status=201, data=call.render.pull(call.hosted, pull))


@route("GET", f"{REPO}/pulls/{{pull_number:int}}")
def get_pull(call: Call) -> Answer:
    return Answer(data=call.render.pull(call.hosted, _pull(call)))


@route("PATCH", f"{REPO}/pulls/{{pull_number:int}}", "pull_requests")
def change_pull(call: Call) -> Answer:
    pull = _pull(call)
    for name in ("title", "body", "state", "base"):
        setattr(pull, name, call.text(name, getattr(pull, name)))
    return Answer(data=call.render.pull(call.hosted, pull))


@route("GET", f"{REPO}/pulls/{{pull_number:int}}/commits")
def commits_of_pull(call: Call) -> Answer:
    shas = call.render.pull_shas(call.hosted, _pull(call))
    return call.page([call.render.commit(call.hosted, sha) for sha in shas[:250]])


@route("POST", f"{REPO}/check-runs", "checks")
def create_check_run(call: Call) -> Answer:
    run: dict[str, Any] = {**call.data, "id": next(call.world.ids)}
    call.hosted.check_runs.append(run)
    return Answer(status=201, data=call.render.check_run(call.hosted, run))


@route("PATCH", f"{REPO}/check-runs/{{check_run_id:int}}", "checks")
def change_check_run(call: Call) -> Answer:
    run = next((each for each in call.hosted.check_runs if each["id"] == call.number("check_run_id")), None)
    if run is None:
        raise missing()
    run.update(call.data)
    return Answer(data=call.render.check_run(call.hosted, run))


@route("POST", f"{REPO}/actions/workflows/{{workflow_id}}/dispatches", "actions")
def dispatch(call: Call) -> Answer:
    name, ref = call.params["workflow_id"], call.text("ref")
    if name not in call.hosted.workflows:
        raise missing()
    if not call.hosted.workflows[name]:
        raise Refusal(422, "Workflow does not have 'workflow_dispatch' trigger")
    if not call.hosted.resolve(ref):
        raise Refusal(422, f"No ref found for: {ref}")
    inputs = call.data.get("inputs", {})
    unexpected = sorted(set(inputs) - _declared_inputs(call, name, ref))
    if unexpected:
        raise Refusal(422, f"Unexpected inputs provided: {unexpected}")
    call.hosted.dispatches.append({"workflow": name, "ref": ref, "inputs": inputs, "by": call.token})
    call.hosted.run(next(call.world.ids), name, ref, event="workflow_dispatch")
    return Answer(status=204)


@route("GET", f"{REPO}/actions/workflows/{{workflow_id}}/runs")
def workflow_runs(call: Call) -> Answer:
    asked = {"branch": "head_branch", "event": "event", "head_sha": "head_sha", "status": "status"}
    wanted = {name: call.query[query] for query, name in asked.items() if query in call.query}
    path = f".github/workflows/{call.params['workflow_id']}"
    found = [
        each
        for each in reversed(call.hosted.runs)
        if each.get("path", path) == path and all(each.get(name) == value for name, value in wanted.items())
    ]
    runs = [call.render.workflow_run(call.hosted, each) for each in found]
    page = call.page(runs)
    return Answer(data={"total_count": len(runs), "workflow_runs": page.data}, headers=page.headers)


@route("GET", f"{REPO}/actions/runs/{{run_id:int}}")
def workflow_run(call: Call) -> Answer:
    run = next((each for each in call.hosted.runs if each["id"] == call.number("run_id")), None)
    if run is None:
        raise missing()
    return Answer(data=call.render.workflow_run(call.hosted, run))


def _declared_inputs(call: Call, workflow: str, ref: str) -> set[str]:
    """What `on: workflow_dispatch: inputs:` of the workflow declares as it stands at the ref."""
    text = call.hosted.git.git("show", f"{call.hosted.resolve(ref)}:.github/workflows/{workflow}", check=False)
    data = yaml.load(text, Loader=yaml.BaseLoader) or {}
    on = data.get("on", {})
    dispatched = on.get("workflow_dispatch") if isinstance(on, dict) else None
    return set((dispatched or {}).get("inputs") or {}) if isinstance(dispatched, dict) else set()


def _issue(call: Call) -> str:
    """The title of an issue or a pull request."""
    number = call.number("issue_number")
    pull = call.hosted.pull(number)
    title = pull.title if pull else call.hosted.issues.get(number)
    if title is None:
        raise missing()
    return title


def _comment(call: Call) -> Comment:
    found = next((each for each in call.hosted.comments if each.id == call.number("comment_id")), None)
    if found is None:
        raise missing()
    return found


def _pull(call: Call) -> Pull:
    found = call.hosted.pull(call.number("pull_number"))
    if found is None:
        raise missing()
    return found


def _label(call: Call, pull: Pull) -> str:
    return f"{(pull.head_repository or call.hosted.full_name).split('/')[0]}:{pull.head}"


def _body(call: Call, resource: str) -> str:
    body = call.text("body")
    if not body.strip():
        raise invalid(resource, "body", "missing_field")
    if len(body.encode("utf-16-le")) // 2 > 65_536:
        raise invalid(resource, "body", "custom", "body is too long (maximum is 65536 characters)")
    return body


def _is_ref(call: Call, name: str) -> bool:
    return call.hosted.git.git("check-ref-format", "--normalize", name, check=False) == name


def _has_object(call: Call, sha: str) -> bool:
    return len(sha) >= 40 and sha.isalnum() and bool(call.hosted.git.oid(f"{sha}^{{object}}"))


def _tag(call: Call, sha: str) -> dict[str, Any]:
    text = call.hosted.git.git("cat-file", "tag", sha)
    head, _, message = text.partition("\n\n")
    fields = dict(line.split(" ", 1) for line in head.split("\n"))
    name, _, rest = fields["tagger"].partition(" <")
    at = f"{call.render.api}/repos/{call.hosted.full_name}/git"
    return {
        "node_id": f"TA_{sha}",
        "sha": sha,
        "url": f"{at}/tags/{sha}",
        "tag": fields["tag"],
        "message": message,
        "tagger": {"name": name, "email": rest.partition(">")[0], "date": "2026-11-23T00:00:00Z"},
        "object": {
            "type": fields["type"],
            "sha": fields["object"],
            "url": f"{at}/{fields['type']}s/{fields['object']}",
        },
        "verification": {
            "verified": False,
            "reason": "unsigned",
            "signature": None,
            "payload": None,
            "verified_at": None,
        },
    }
