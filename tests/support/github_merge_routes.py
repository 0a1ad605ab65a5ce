"""Merging pull requests as GitHub does, by each of its methods, and their labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from support.github_release_routes import REPO
from support.github_routes import Answer, Refusal, missing, route

if TYPE_CHECKING:
    from support.github_routes import Call
    from support.github_state import Hosted, Pull


@route("PUT", f"{REPO}/pulls/{{pull_number:int}}/merge", "contents")
def merge_pull(call: Call) -> Answer:
    pull = call.hosted.pull(call.number("pull_number"))
    if pull is None:
        raise missing()
    if pull.state != "open":
        raise Refusal(405, "Pull Request is not mergeable")
    sha = merge(call.hosted, pull, call.text("merge_method", "merge"), call.text("commit_message"))
    return Answer(data={"sha": sha, "merged": True, "message": "Pull Request successfully merged"})


def merge(hosted: Hosted, pull: Pull, method: str, message: str = "") -> str:
    """The commit that the base is at afterwards. `message` stands for a squashed commit's body, if a person wrote one."""
    git = hosted.git
    base, head = git.branch_tip(pull.base), git.branch_tip(pull.head)
    shas = git.git("rev-list", "--reverse", head, f"^{base}").split()
    who = {"GIT_AUTHOR_NAME": "m", "GIT_AUTHOR_EMAIL": "m@example.invalid"}
    who |= {"GIT_COMMITTER_NAME": "GitHub", "GIT_COMMITTER_EMAIL": "noreply@github.com"}

    def commit(tree: str, text: str, *parents: str) -> str:
        flags = [word for parent in parents for word in ("-p", parent)]
        return git.git("commit-tree", tree, *flags, "-F", "-", data=text.encode(), env=who)

    if method == "rebase":
        tip = base
        for sha in shas:
            tip = commit(git.git("rev-parse", f"{sha}^{{tree}}"), git.git("log", "-1", "--format=%B", sha), tip)
    else:
        tree = git.git("merge-tree", "--write-tree", base, head).split("\n")[0]
        if method == "squash":
            tip = commit(tree, _squashed(hosted, pull, shas, message), base)
        else:
            tip = commit(
                tree, f"Merge pull request #{pull.number} from {hosted.owner}/{pull.head}\n\n{pull.title}", base, head
            )
    git.git("update-ref", f"refs/heads/{pull.base}", tip, base)
    pull.state, pull.merge_sha, pull.head_sha = "closed", tip, head
    git.git("update-ref", f"refs/pull/{pull.number}/head", head)
    return tip


def _squashed(hosted: Hosted, pull: Pull, shas: list[str], message: str) -> str:
    """As GitHub proposes it: of one commit its own message, of several their list."""
    if message:
        return f"{pull.title} (#{pull.number})\n\n{message}"
    texts = [hosted.git.git("log", "-1", "--format=%B", sha).strip() for sha in shas]
    if len(texts) == 1:
        header, _, body = texts[0].partition("\n")
        return f"{header} (#{pull.number})\n{body}"
    return f"{pull.title} (#{pull.number})\n\n" + "\n\n".join(f"* {text}" for text in texts)


@route("POST", f"{REPO}/issues/{{issue_number:int}}/labels", "issues|pull_requests")
def add_labels(call: Call) -> Answer:
    number = call.number("issue_number")
    if call.hosted.pull(number) is None and number not in call.hosted.issues:
        raise missing()
    names: list[Any] = call.data.get("labels", [])
    there = call.hosted.labels.setdefault(number, [])
    there += [name for name in names if name not in there]
    return Answer(data=[call.render.label(call.hosted, name) for name in there])
