"""Every file that a project's workflows consist of, as text; each begins with what tells a hand edit apart."""

from __future__ import annotations

import hashlib
import re
import shlex
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from verbump.planning import publish_pypi, templates
from verbump.planning.workflows import pins, platforms, requirements, rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbump.config.settings import PublishConfig
    from verbump.planning.workflows.shape import Facts, Shape

FOLDER = PurePosixPath(".github")
WORKFLOWS = FOLDER / "workflows"
REQUIREMENTS = FOLDER / "verbump" / "requirements.txt"
AUDIT = FOLDER / "verbump" / "requirements-audit.txt"
CROSS = FOLDER / "verbump" / "requirements-cross.txt"
DEPENDABOT = FOLDER / "dependabot.yml"

_FIRST = "# Written by `verbump workflows`. Change [tool.verbump.workflows] instead, then run it again."
_SECOND = re.compile(r"# (sha256 [0-9a-f]{64})\n")
_GLOB_SIGNS = re.compile(r"([*?+\[\]!\\])")
_MATCH_SIGNS = re.compile(r"([*?\[\\])")
_OLDEST_OF_VERBUMP = 11
_SITES = {"pypi": "https://pypi.org", "testpypi": "https://test.pypi.org"}
_MATURIN = re.compile(r"^maturin==(\S+)", re.MULTILINE)


def render_files(facts: Facts, shape: Shape) -> dict[PurePosixPath, str]:
    """Path to text, of everything that the configuration asks for."""
    settings = facts.snapshot.config.workflows
    data = template_data(facts, shape)
    found: dict[PurePosixPath, str] = {}
    for name in dict.fromkeys(settings.files):
        for path, template in _templates(name, settings.release):
            found[path] = with_header(_tidy(templates.render_workflow(template, data)))
    if any(path.parent == WORKFLOWS for path in found):
        for path, text in _requirements(facts, "".join(found.values())):
            found[path] = with_header(text)
    return found


def _templates(name: str, release: str) -> tuple[tuple[PurePosixPath, str], ...]:
    """Path and template of each file that a name in `workflows.files` stands for."""
    if name == "release":
        return ((WORKFLOWS / release, "release.yml.j2"),)
    if name == "dependabot":
        return ((DEPENDABOT, "dependabot.yml.j2"),)
    if name == "preview":
        return tuple((WORKFLOWS / f"{each}.yml", f"{each}.yml.j2") for each in ("preview", "preview-comment"))
    return ((WORKFLOWS / f"{name}.yml", f"{name}.yml.j2"),)


def _requirements(facts: Facts, texts: str) -> list[tuple[PurePosixPath, str]]:
    found = []
    if REQUIREMENTS.name in texts:
        found.append((REQUIREMENTS, requirements.render_requirements(facts.own)))
    if AUDIT.name in texts:
        found.append((AUDIT, requirements.render_audit_requirements()))
    if CROSS.name in texts:
        found.append((CROSS, requirements.render_cross_requirements()))
    return found


def with_header(text: str) -> str:
    """The text below two comment lines: who wrote it, and the hash of what follows but for the pins of actions."""
    return f"{_FIRST}\n# sha256 {_digest(text)}\n{text}"


def is_untouched(text: str) -> bool:
    """Whether it is as verbump wrote it, whenever that was; bumped pins aside."""
    first, _, rest = text.replace("\r\n", "\n").partition("\n")
    second = _SECOND.match(rest)
    return first == _FIRST and second is not None and second[1] == f"sha256 {_digest(rest[second.end() :])}"


def is_ours(text: str) -> bool:
    """Whether verbump wrote it, be it edited since or not."""
    return text.startswith(_FIRST)


def _digest(text: str) -> str:
    return hashlib.sha256(pins.without_pins(text).encode()).hexdigest()


def _tidy(text: str) -> str:
    """Without blanks at line ends; an empty line only before a job or a key at the top."""
    lines = [line.rstrip() for line in text.strip("\n").split("\n")]
    kept = [line for line, following in zip(lines, [*lines[1:], ""], strict=True) if line or following[:4].strip()]
    return "\n".join(kept) + "\n"


def template_data(facts: Facts, shape: Shape) -> Mapping[str, Any]:
    """What the templates are rendered with. Plain data; text from the project only where it is quoted."""
    config = facts.snapshot.config
    settings = config.workflows
    wheels = rows.wheel_rows(shape)
    binaries = rows.binary_rows(shape, settings.sign)
    is_library = _is_bare(shape)
    has_tests = bool(config.build.test_command) and shape.has_tests
    maturin = _MATURIN.search(templates.source("workflows/requirements.txt"))
    tests = rows.test_rows(shape, is_full=settings.tests == "all")
    return {
        "pins": {name: pin.text for name, pin in pins.table().items()},
        "is_own": facts.own is None,
        "linux": platforms.LINUX,
        "file": settings.release,
        "environments": {
            name: getattr(settings.environments, name) for name in ("release", "pypi", "crates", "packages", "sign")
        },
        "tag_globs": [tag_glob(facts.snapshot.tag_format.prefix, facts.snapshot.tag_format.suffix)],
        "branches": [facts.default_branch],
        "watched": [str(WORKFLOWS / settings.release), f"{REQUIREMENTS.parent}/**"],
        "project": shape.project,
        "wheels": shape.wheels,
        "wheel_rows": wheels,
        "has_interpreters": any(row["interpreters"] for row in wheels),
        "maturin_version": f"v{maturin[1]}" if maturin else "latest",
        "binary_rows": binaries,
        "prepares": sorted({row["prepare"] for row in binaries} - {"nothing"}),
        "test_rows": tests,
        "has_musl": any(row["musl"] for row in tests),
        "triples": [platform.triple for platform in shape.platforms] if wheels or binaries else [],
        "sparse": "\n".join(f"/{each}" for each in config.build.tests),
        "test_command": shlex.join(config.build.test_command) if has_tests else "",
        "test_requires": shlex.join(config.build.test_requires) if has_tests else "",
        "has_python": bool(shape.project),
        "has_crates": shape.has_crates,
        "is_library": is_library,
        "files_option": "--no-files" if is_library else "--dist dist",
        "before_bundle": _before_bundle(
            plan=True,
            sdist=bool(shape.project),
            wheels=bool(wheels),
            binaries=bool(binaries),
            test=bool(tests),
            audit=settings.audit != "off",
            bench=settings.bench,
            crates_test=is_library,
            sign_macos=bool(_signed(binaries, "macos")),
            sign_windows=bool(_signed(binaries, "windows")),
        ),
        "signed": {system: _signed(binaries, system) for system in ("macos", "windows")},
        "has_signed": any(row["kind"] == "unsigned" for row in binaries),
        **_more_data(facts, shape),
        "audit": settings.audit,
        "attest": settings.attest,
        "pypi": bool(shape.project) if settings.pypi is None else settings.pypi and bool(shape.project),
        "crates": settings.crates and bool(shape.publishable),
        "has_uv_lock": PurePosixPath("uv.lock") in facts.snapshot.texts,
    }


def _more_data(facts: Facts, shape: Shape) -> Mapping[str, Any]:
    """What the workflows beside release.yml are rendered with."""
    config, form = facts.snapshot.config, facts.snapshot.tag_format
    settings = config.workflows
    pythons = [each for each in shape.pythons if int(each.partition(".")[2]) >= _OLDEST_OF_VERBUMP]
    ends = list(dict.fromkeys((pythons[0], pythons[-1]))) if pythons else ["3.13"]
    match_ends = [_MATCH_SIGNS.sub(r"\\\1", each) for each in (form.prefix, form.suffix)]
    return {
        "ci_commands": [shlex.join(argv) for argv in settings.ci_commands],
        "ci_tests": [shlex.join(argv) for argv in settings.ci_tests],
        "ci_runners": [platforms.LINUX, platforms.MACOS, platforms.WINDOWS],
        "ci_pythons": ends,
        "security_paths": ["**/Cargo.lock", "**/pyproject.toml", "**/uv.lock", ".github/**"],
        "windows": platforms.WINDOWS,
        "macos": platforms.MACOS,
        "packages": settings.packages if not _is_bare(shape) else (),
        "docker_base": settings.docker_base,
        "homebrew_tap": settings.homebrew_tap,
        "scoop_bucket": settings.scoop_bucket,
        **_index_data(config.publish, shape.project),
        "bench": settings.bench,
        "bench_percent": str(settings.bench_percent),
        "benches": [{"package": package, "name": name} for package, name in shape.benches],
        "has_pytest_benchmark": shape.has_pytest_benchmark,
        "bench_requires": shlex.join(dict.fromkeys((*config.build.test_requires, "pytest-benchmark"))),
        "bench_paths": shlex.join(config.build.tests),
        "tag_match": f"{match_ends[0]}[0-9]*.[0-9]*.[0-9]*{match_ends[1]}",
    }


def _index_data(publish: PublishConfig, project: str) -> Mapping[str, str]:
    """Where to upload ("" for PyPI), where to look, and the project's page there, "" where none is known."""
    index = publish_pypi.find_index(publish.repository_url, publish.index_url)
    site = _SITES.get(index.name, "")
    return {
        "repository_url": publish.repository_url or "",
        "index_url": index.looks[0],
        "project_page": f"{site}/project/{project}/" if site else "",
    }


def _is_bare(shape: Shape) -> bool:
    """Whether a release hands out no file: a library for crates.io."""
    return shape.has_crates and not shape.archived and not shape.project


def _signed(binaries: list[dict[str, str]], system: str) -> list[str]:
    """The targets of that system which a job signs."""
    return [row["target"] for row in binaries if row["kind"] == "unsigned" and rows.system_of(row["target"]) == system]


def _before_bundle(**jobs: bool) -> list[str]:
    return [name.replace("_", "-") for name, is_there in jobs.items() if is_there]


def tag_glob(prefix: str, suffix: str) -> str:
    """The pattern of a version's tag, as `on.push.tags` takes it. Source: GitHub, "Filter pattern cheat sheet"."""
    before, after = (_GLOB_SIGNS.sub(r"\\\1", each) for each in (prefix, suffix))
    return f"{before}[0-9]+.[0-9]+.[0-9]+*{after}"
