"""Releases and their assets, with GitHub's rules for drafts, tags, immutability and "Latest"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.github_routes import Answer, Refusal, check_permission, invalid, may_push, missing, route
from support.github_state import LONGEST_BODY, Asset, Release, kept_name

if TYPE_CHECKING:
    from support.github_routes import Call

REPO = "/repos/{owner}/{repo}"
_IMMUTABLE = "immutable release"


@route("GET", f"{REPO}/releases")
def list_releases(call: Call) -> Answer:
    seen = [each for each in reversed(call.hosted.releases) if not each.draft or may_push(call)]
    return call.page([call.render.release(call.hosted, each) for each in seen])


@route("POST", f"{REPO}/releases", "contents")
def create_release(call: Call) -> Answer:
    tag = call.text("tag_name")
    if not tag:
        raise invalid("Release", "tag_name", "missing_field")
    assert call.token is not None
    release = Release(
        id=next(call.world.ids),
        tag=tag,
        name=call.text("name"),
        body=call.text("body"),
        target=call.text("target_commitish", call.hosted.default_branch),
        author=call.token.account,
        draft=call.data.get("draft", False),
        prerelease=call.data.get("prerelease", False),
    )
    _check(call, release)
    call.hosted.releases.append(release)
    if not release.draft:
        _publish(call, release)
    return Answer(status=201, data=call.render.release(call.hosted, release))


@route("GET", f"{REPO}/releases/latest")
def latest_release(call: Call) -> Answer:
    release = call.hosted.release(call.hosted.latest)
    if release is None:
        raise missing()
    return Answer(data=call.render.release(call.hosted, release))


@route("GET", f"{REPO}/releases/tags/{{tag...}}")
def release_by_tag(call: Call) -> Answer:
    release = call.hosted.published(call.params["tag"])
    if release is None:
        raise missing()
    return Answer(data=call.render.release(call.hosted, release))


@route("GET", f"{REPO}/releases/{{release_id:int}}")
def get_release(call: Call) -> Answer:
    return Answer(data=call.render.release(call.hosted, _release(call)))


@route("PATCH", f"{REPO}/releases/{{release_id:int}}", "contents")
def change_release(call: Call) -> Answer:
    release = _release(call)
    was_draft = release.draft
    changed = Release(
        id=release.id,
        tag=call.text("tag_name", release.tag),
        name=call.text("name", release.name),
        body=call.text("body", release.body),
        target=call.text("target_commitish", release.target),
        author=release.author,
        draft=call.data.get("draft", release.draft),
        prerelease=call.data.get("prerelease", release.prerelease),
        immutable=release.immutable,
        assets=release.assets,
    )
    if release.immutable and (changed.tag, changed.draft) != (release.tag, release.draft):
        raise invalid("Release", "tag_name", "custom", f"tag_name cannot be changed: {_IMMUTABLE}")
    _check(call, changed)
    call.hosted.releases[call.hosted.releases.index(release)] = changed
    if was_draft and not changed.draft:
        _publish(call, changed)
    elif not changed.draft:
        _mark_latest(call, changed, default="keep")
    return Answer(data=call.render.release(call.hosted, changed))


@route("DELETE", f"{REPO}/releases/{{release_id:int}}", "contents")
def delete_release(call: Call) -> Answer:
    release = _release(call)
    call.hosted.releases.remove(release)
    if release.immutable:
        call.hosted.burnt.add(release.tag)
    return Answer(status=204)


@route("GET", f"{REPO}/releases/{{release_id:int}}/assets")
def list_assets(call: Call) -> Answer:
    release = _release(call)
    return call.page([call.render.asset(call.hosted, release, each) for each in release.assets])


@route("POST", f"{REPO}/releases/{{release_id:int}}/assets", "contents")
def upload_asset(call: Call) -> Answer:
    release = _release(call)
    assert call.token is not None
    name = kept_name(call.query.get("name", ""))
    if release.immutable:
        raise Refusal(422, "Cannot upload assets to an immutable release.")
    if not name:
        raise invalid("ReleaseAsset", "name", "missing_field")
    if any(each.name == name for each in release.assets):
        raise invalid("ReleaseAsset", "name", "already_exists")
    asset = Asset(
        id=next(call.world.ids),
        name=name,
        label=call.query.get("label", ""),
        content_type=call.headers.get("Content-Type", "application/octet-stream"),
        content=call.body,
        uploader=call.token.account,
    )
    release.assets.append(asset)
    return Answer(status=201, data=call.render.asset(call.hosted, release, asset))


@route("GET", f"{REPO}/releases/assets/{{asset_id:int}}")
def get_asset(call: Call) -> Answer:
    release, asset = _asset(call)
    if call.headers.get("Accept") == "application/octet-stream":
        # The bytes are on another host, which must never see the token.
        return Answer(status=302, headers={"Location": f"{call.render.site}/_storage/{asset.id}"})
    return Answer(data=call.render.asset(call.hosted, release, asset))


@route("DELETE", f"{REPO}/releases/assets/{{asset_id:int}}", "contents")
def delete_asset(call: Call) -> Answer:
    release, asset = _asset(call)
    if release.immutable:
        raise Refusal(422, "Cannot delete asset from an immutable release")
    release.assets.remove(asset)
    return Answer(status=204)


@route("GET", f"{REPO}/immutable-releases")
def immutable_releases(call: Call) -> Answer:
    check_permission(call, "administration")
    if not call.hosted.has_immutable_releases:
        raise missing()
    return Answer(data={"enabled": True, "enforced_by_owner": False})


def _release(call: Call) -> Release:
    release = call.hosted.release(call.number("release_id"))
    if release is None or (release.draft and not may_push(call)):
        raise missing()
    return release


def _asset(call: Call) -> tuple[Release, Asset]:
    found = call.hosted.asset(call.number("asset_id"))
    if found is None or (found[0].draft and not may_push(call)):
        raise missing()
    return found


def _check(call: Call, release: Release) -> None:
    """Raises what GitHub says of a release that it does not take."""
    if len(release.body.encode("utf-16-le")) // 2 > LONGEST_BODY:
        message = f"body is too long (maximum is {LONGEST_BODY} characters)"
        raise invalid("Release", "body", "custom", message)
    if release.tag in call.hosted.burnt:
        raise invalid("Release", "tag_name", "custom", "tag_name was used by an immutable release")
    other = call.hosted.published(release.tag)
    if not release.draft and other is not None and other.id != release.id:
        raise invalid("Release", "tag_name", "already_exists")
    if not release.draft and not call.hosted.git.oid(f"refs/tags/{release.tag}"):
        if not call.hosted.resolve(release.target):
            raise invalid("Release", "target_commitish", "invalid")
        if call.hosted.git.git("check-ref-format", f"refs/tags/{release.tag}", check=False):
            raise invalid("Release", "tag_name", "invalid")


def _publish(call: Call, release: Release) -> None:
    """What publishing does: the tag comes about, "Latest" moves, and an immutable release is frozen."""
    if not call.hosted.git.oid(f"refs/tags/{release.tag}"):
        call.hosted.git.git("update-ref", f"refs/tags/{release.tag}", call.hosted.resolve(release.target))
    release.immutable = call.hosted.has_immutable_releases
    _mark_latest(call, release, default="true")


def _mark_latest(call: Call, release: Release, default: str) -> None:
    asked = call.data.get("make_latest", default)
    if asked in {"true", "legacy"} and not release.prerelease:
        call.hosted.latest = release.id
