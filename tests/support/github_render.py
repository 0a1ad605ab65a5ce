"""The JSON that GitHub gives for what it knows: its own examples, with our values in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from support.github_description import description, segment
from support.github_state import MOMENT

if TYPE_CHECKING:
    from support.github_state import Account, Asset, Comment, Hosted, Pull, Release, World

_FIELDS = "%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B"


@dataclass(frozen=True, kw_only=True)
class Renderer:
    """Answers of one server: `api`, `uploads` and `site` are its addresses, as a client reaches them."""

    world: World
    api: str
    uploads: str
    site: str

    def user(self, account: Account) -> dict[str, Any]:
        name = segment(account.login)
        at = f"{self.api}/users/{name}"
        ends = "followers following{/other_user} gists{/gist_id} starred{/owner}{/repo} subscriptions orgs repos"
        urls = {f"{end.split('{')[0]}_url": f"{at}/{end}" for end in ends.split()}
        return {
            **{("organizations_url" if key == "orgs_url" else key): url for key, url in urls.items()},
            "events_url": f"{at}/events{{/privacy}}",
            "received_events_url": f"{at}/received_events",
            "login": account.login,
            "id": account.id,
            "node_id": f"U_{account.id}",
            "avatar_url": f"{self.site}/avatars/{account.id}",
            "gravatar_id": "",
            "url": at,
            "html_url": f"{self.site}/{name}",
            "type": account.type,
            "site_admin": False,
        }

    def repository(self, hosted: Hosted) -> dict[str, Any]:
        made = self._example("full-repository-default-response", hosted)
        for key in ("organization", "parent", "source", "template_repository"):
            made.pop(key, None)
        return {
            **made,
            "id": self.world.accounts[hosted.owner].id + 500_000,
            "name": hosted.name,
            "full_name": hosted.full_name,
            "owner": self.user(self.world.accounts[hosted.owner]),
            "private": hosted.is_private,
            "html_url": f"{self.site}/{hosted.full_name}",
            "url": self._at(hosted),
            "fork": False,
            "language": None,
            "default_branch": hosted.default_branch,
            "allow_merge_commit": "merge" in hosted.merge_methods,
            "allow_squash_merge": "squash" in hosted.merge_methods,
            "allow_rebase_merge": "rebase" in hosted.merge_methods,
            "permissions": {"admin": False, "push": True, "pull": True},
        }

    def release(self, hosted: Hosted, release: Release) -> dict[str, Any]:
        at = f"{self._at(hosted)}/releases/{release.id}"
        name = f"untagged-{release.id:020x}" if release.draft else segment(release.tag)
        archive = None if release.draft else f"{self._at(hosted)}/tarball/{segment(release.tag)}"
        return {
            "url": at,
            "html_url": f"{self.site}/{hosted.full_name}/releases/tag/{name}",
            "assets_url": f"{at}/assets",
            "upload_url": f"{self.uploads}/repos/{hosted.full_name}/releases/{release.id}/assets{{?name,label}}",
            "tarball_url": archive,
            "zipball_url": archive and archive.replace("tarball", "zipball"),
            "id": release.id,
            "node_id": f"RE_{release.id}",
            "tag_name": release.tag,
            "target_commitish": release.target,
            "name": release.name,
            "body": release.body,
            "draft": release.draft,
            "prerelease": release.prerelease,
            "immutable": release.immutable,
            "created_at": MOMENT,
            "updated_at": MOMENT,
            "published_at": None if release.draft else MOMENT,
            "author": self.user(release.author),
            "assets": [self.asset(hosted, release, each) for each in release.assets],
        }

    def asset(self, hosted: Hosted, release: Release, asset: Asset) -> dict[str, Any]:
        tag = "untagged" if release.draft else segment(release.tag)
        return {
            "url": f"{self._at(hosted)}/releases/assets/{asset.id}",
            "browser_download_url": f"{self.site}/{hosted.full_name}/releases/download/{tag}/{segment(asset.name)}",
            "id": asset.id,
            "node_id": f"RA_{asset.id}",
            "name": asset.name,
            "label": asset.label,
            "state": asset.state,
            "content_type": asset.content_type,
            "size": len(asset.content),
            "digest": asset.digest,
            "download_count": 0,
            "created_at": MOMENT,
            "updated_at": MOMENT,
            "uploader": self.user(asset.uploader),
        }

    def comment(self, hosted: Hosted, comment: Comment) -> dict[str, Any]:
        page = "pull" if hosted.pull(comment.issue) else "issues"
        return {
            "id": comment.id,
            "node_id": f"IC_{comment.id}",
            "url": f"{self._at(hosted)}/issues/comments/{comment.id}",
            "html_url": f"{self.site}/{hosted.full_name}/{page}/{comment.issue}#issuecomment-{comment.id}",
            "issue_url": f"{self._at(hosted)}/issues/{comment.issue}",
            "body": comment.body,
            "user": self.user(comment.author),
            "created_at": MOMENT,
            "updated_at": MOMENT,
            "author_association": "NONE",
        }

    def issue(self, hosted: Hosted, number: int, title: str) -> dict[str, Any]:
        made = self._example("issue", hosted)
        made.pop("pull_request", None)
        page = "pull" if hosted.pull(number) else "issues"
        pull = hosted.pull(number)
        if pull:
            at = f"{self._at(hosted)}/pulls/{number}"
            html = f"{self.site}/{hosted.full_name}/pull/{number}"
            made["pull_request"] = {"url": at, "html_url": html, "diff_url": None, "patch_url": None}
            made["pull_request"]["merged_at"] = MOMENT if pull.merge_sha else None
        return {
            **made,
            "number": number,
            "title": title,
            "state": pull.state if pull else "closed" if number in hosted.closed else "open",
            "locked": False,
            "url": f"{self._at(hosted)}/issues/{number}",
            "html_url": f"{self.site}/{hosted.full_name}/{page}/{number}",
        }

    def pull(self, hosted: Hosted, pull: Pull, *, is_simple: bool = False) -> dict[str, Any]:
        made = self._example("pull-request-simple-items" if is_simple else "pull-request", hosted)
        made = made[0] if is_simple else made
        home = self.world.repositories[(pull.head_repository or hosted.full_name).lower()]
        full = {} if is_simple else {"merged": bool(pull.merge_sha), "commits": len(self.pull_shas(hosted, pull))}
        return {
            **made,
            **full,
            "id": pull.number + 900_000,
            "number": pull.number,
            "url": f"{self._at(hosted)}/pulls/{pull.number}",
            "html_url": f"{self.site}/{hosted.full_name}/pull/{pull.number}",
            "state": pull.state,
            "title": pull.title,
            "body": pull.body,
            "user": self.user(pull.author),
            "draft": pull.draft,
            "merge_commit_sha": pull.merge_sha or None,
            "merged_at": MOMENT if pull.merge_sha else None,
            "labels": [self.label(hosted, name) for name in hosted.labels.get(pull.number, [])],
            "requested_teams": [],
            "requested_reviewers": [],
            "head": self._end(home, pull.head, self.pull_head(hosted, pull), made["head"]),
            "base": self._end(hosted, pull.base, hosted.resolve(pull.base), made["base"]),
        }

    def label(self, hosted: Hosted, name: str) -> dict[str, Any]:
        return {
            "id": len(name),
            "node_id": f"LA_{name}",
            "url": f"{self._at(hosted)}/labels/{name}",
            "name": name,
            "description": None,
            "color": "ededed",
            "default": False,
        }

    def pull_head(self, hosted: Hosted, pull: Pull) -> str:
        home = self.world.repositories[(pull.head_repository or hosted.full_name).lower()]
        return pull.head_sha or home.git.branch_tip(pull.head)

    def pull_shas(self, hosted: Hosted, pull: Pull) -> list[str]:
        """Its commits, oldest first; those of a fork have to be in the base's repository (as GitHub keeps them)."""
        head = self.pull_head(hosted, pull)
        base = f"{pull.merge_sha}^" if pull.merge_sha else hosted.resolve(pull.base)
        return hosted.git.git("rev-list", "--reverse", head, f"^{base}").split()

    def commit(self, hosted: Hosted, sha: str) -> dict[str, Any]:
        text = hosted.git.git("show", "--no-patch", f"--format={_FIELDS}", sha)
        oid, tree, parents, *people, message = text.split("\0", 9)
        author, committer = people[:3], people[3:]
        at, page = f"{self._at(hosted)}/commits/{oid}", f"{self.site}/{hosted.full_name}/commit/{oid}"
        names = ("name", "email", "date")
        return {
            "url": at,
            "sha": oid,
            "node_id": f"C_{oid}",
            "html_url": page,
            "comments_url": f"{at}/comments",
            "commit": {
                "url": f"{self._at(hosted)}/git/commits/{oid}",
                "author": dict(zip(names, author, strict=True)),
                "committer": dict(zip(names, committer, strict=True)),
                "message": message.rstrip("\n"),
                "tree": {"sha": tree, "url": f"{self._at(hosted)}/git/trees/{tree}"},
                "comment_count": 0,
                "verification": {
                    "verified": False,
                    "reason": "unsigned",
                    "signature": None,
                    "payload": None,
                    "verified_at": None,
                },
            },
            "author": self._by_email(author[1]),
            "committer": self._by_email(committer[1]),
            "parents": [
                {"sha": each, "url": f"{self._at(hosted)}/commits/{each}", "html_url": page} for each in parents.split()
            ],
        }

    def ref(self, hosted: Hosted, name: str) -> dict[str, Any]:
        oid = hosted.git.oid(name)
        kind = hosted.git.git("cat-file", "-t", oid)
        return {
            "ref": name,
            "node_id": f"REF_{oid}",
            "url": f"{self._at(hosted)}/git/{name}",
            "object": {"type": kind, "sha": oid, "url": f"{self._at(hosted)}/git/{kind}s/{oid}"},
        }

    def check_run(self, hosted: Hosted, run: dict[str, Any]) -> dict[str, Any]:
        output = {"title": None, "summary": None, "text": None, **run.get("output", {})}
        output |= {"annotations_count": 0, "annotations_url": f"{self._at(hosted)}/check-runs/{run['id']}/annotations"}
        status = run.get("status", "completed" if run.get("conclusion") else "queued")
        made = self._example("check-run-example-of-completed-conclusion", hosted)
        return {
            **made,
            "id": run["id"],
            "name": run["name"],
            "head_sha": run["head_sha"],
            "status": status,
            "conclusion": run.get("conclusion"),
            "url": f"{self._at(hosted)}/check-runs/{run['id']}",
            "html_url": f"{self.site}/{hosted.full_name}/runs/{run['id']}",
            "completed_at": MOMENT if status == "completed" else None,
            "output": output,
        }

    def workflow_run(self, hosted: Hosted, run: dict[str, Any]) -> dict[str, Any]:
        """A run; `run` has at least `id` and `head_sha`."""
        at = f"{self._at(hosted)}/actions/runs/{run['id']}"
        page = f"{self.site}/{hosted.full_name}/actions/runs/{run['id']}"
        return {**self._example("workflow-run", hosted), **run, "url": at, "html_url": page}

    def branch(self, hosted: Hosted, name: str) -> dict[str, Any]:
        made = self._example("branch-get", hosted)
        return {
            **made,
            "name": name,
            "commit": self.commit(hosted, hosted.git.branch_tip(name)),
            "protected": name in hosted.protected,
        }

    def comparison(self, hosted: Hosted, base: str, head: str) -> dict[str, Any]:
        old, new = hosted.resolve(base), hosted.resolve(head)
        shas = hosted.git.git("rev-list", "--reverse", new, f"^{old}").split()
        behind = hosted.git.git("rev-list", "--count", old, f"^{new}")
        status = {(True, False): "ahead", (False, True): "behind", (True, True): "diverged"}
        return {
            **self._example("commit-comparison", hosted),
            "base_commit": self.commit(hosted, old),
            "merge_base_commit": self.commit(hosted, hosted.git.git("merge-base", old, new)),
            "status": status.get((bool(shas), behind != "0"), "identical"),
            "ahead_by": len(shas),
            "behind_by": int(behind),
            "total_commits": len(shas),
            "commits": [self.commit(hosted, sha) for sha in shas],
            "files": [],
        }

    def _end(self, hosted: Hosted, branch: str, sha: str, made: dict[str, Any]) -> dict[str, Any]:
        owner = self.user(self.world.accounts[hosted.owner])
        repo = {
            **made["repo"],
            "full_name": hosted.full_name,
            "name": hosted.name,
            "owner": owner,
            "allow_merge_commit": "merge" in hosted.merge_methods,
            "allow_squash_merge": "squash" in hosted.merge_methods,
            "allow_rebase_merge": "rebase" in hosted.merge_methods,
            "squash_merge_commit_title": "PR_TITLE",
            "squash_merge_commit_message": "BLANK",
        }
        return {**made, "label": f"{hosted.owner}:{branch}", "ref": branch, "sha": sha, "repo": repo, "user": owner}

    def _by_email(self, email: str) -> dict[str, Any] | None:
        login = self.world.emails.get(email)
        return self.user(self.world.accounts[login]) if login else None

    def _example(self, name: str, hosted: Hosted) -> Any:
        return description().example(name, hosted.owner, hosted.name)

    def _at(self, hosted: Hosted) -> str:
        return f"{self.api}/repos/{hosted.full_name}"
