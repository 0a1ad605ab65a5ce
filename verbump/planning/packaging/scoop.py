"""A Scoop manifest, which updates itself from the releases of the forge.

Source: Scoop's wiki, "App Manifests" and "App Manifest Autoupdate"; its schema.json.
"""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from verbump.domain import escape_formats, licences
from verbump.errors import InputError
from verbump.planning.packaging import subject as subjects
from verbump.planning.packaging import windows
from verbump.planning.packaging.subject import PackageFile

if TYPE_CHECKING:
    from verbump.planning.packaging.subject import Subject

_PROCESSORS = {"x64": "64bit", "x86": "32bit", "arm64": "arm64"}
_LONGEST = 1000


def plan_files(subject: Subject, *, is_static: bool = False) -> tuple[PackageFile, ...]:
    """`<name>.json`. `is_static`: the programs need no Visual C++ runtime.

    Raises:
        Refused: description, licence or home page missing; no archive for Windows.
    """
    subjects.require(subject, "description", "licence", "homepage")
    archives = windows.find_archives(subject)
    version = str(subject.version)
    manifest: dict[str, Any] = {
        "version": version,
        "description": subjects.described(subject, longest=_LONGEST),
        "homepage": subject.homepage,
        "license": _licence(subject),
    }
    if any(windows.needs_runtime(each, is_static=is_static) for each in archives.values()):
        manifest["suggest"] = {"vcredist": "extras/vcredist2022"}
    manifest["architecture"] = {
        _PROCESSORS[processor]: {"url": each.url, "hash": each.sha256, "extract_dir": subjects.top_folder(each)}
        for processor, each in archives.items()
    }
    programs = subjects.windows_programs(subject)
    manifest["bin"] = programs[0] if len(programs) == 1 else list(programs)
    watched = _checkver(subject)
    if watched and all(version in each.url for each in archives.values()):
        manifest["checkver"] = watched
        manifest["autoupdate"] = {
            "architecture": {
                _PROCESSORS[processor]: {
                    "url": each.url.replace(version, "$version"),
                    "extract_dir": subjects.top_folder(each).replace(version, "$version"),
                }
                for processor, each in archives.items()
            },
            "hash": {"url": "$baseurl/SHA256SUMS"},
        }
    text = json.dumps(manifest, indent=4, ensure_ascii=True) + "\n"
    return (PackageFile(path=PurePosixPath(f"{subject.name.lower()}.json"), text=text),)


def _checkver(subject: Subject) -> dict[str, str]:
    """Where the newest version is read; {} where the forge is not known or lists no releases."""
    before, found, after = subject.tag.partition(str(subject.version))
    if subject.forge is None or subject.forge.kind == "bitbucket" or not found:
        return {}
    pattern = rf"/{re.escape(before)}([\d.]+){re.escape(after)}"
    if subject.forge.kind == "github":
        usual = before in {"", "v"} and not after
        return {"github": subject.forge.url} | ({} if usual else {"regex": f"/releases/tag{pattern}"})
    return {"url": subject.forge.releases_url(), "regex": pattern + '"'}


def _licence(subject: Subject) -> str | dict[str, str]:
    """Scoop's spelling: `|` between licences of which one may be chosen, `,` between those that all apply."""
    text = subject.about.licence
    try:
        text = licences.render(licences.parse(text), any_of="|", all_of=",")
    except InputError:
        text = escape_formats.one_line(text)
    return {"identifier": text, "url": subject.licence_url} if subject.licence_url else text
