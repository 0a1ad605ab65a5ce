"""A conda recipe, for rattler-build, from the release's source distribution.

Source: conda CEP 13 and 14 (recipe format 1); rattler-build's documentation; conda-forge, "Knowledge base".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from verbump.domain import distributions, escape_formats, licences, versions
from verbump.domain.manifests import extension, python_build
from verbump.errors import InputError, Refused
from verbump.planning import templates
from verbump.planning.packaging import facts as found
from verbump.planning.packaging import subject as subjects
from verbump.planning.packaging.subject import PackageFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from verbump.domain.manifests.python_build import PythonBuild
    from verbump.planning.packaging.subject import Subject

_RUST = frozenset({"maturin", "setuptools-rust"})
_COMPARISON = re.compile(r"""(\w+) (<=|>=|==|!=|<|>) ["']([A-Za-z0-9.*]+)["']""")
_SYSTEMS = {
    ("sys_platform", "win32"): "win",
    ("sys_platform", "linux"): "linux",
    ("sys_platform", "darwin"): "osx",
    ("platform_system", "Windows"): "win",
    ("platform_system", "Linux"): "linux",
    ("platform_system", "Darwin"): "osx",
    ("os_name", "nt"): "win",
    ("os_name", "posix"): "unix",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A requirement in conda's words; `condition` is a selector such as `win`, "" for always."""

    spec: str
    condition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The files, and what in them a person has to look at."""

    files: tuple[PackageFile, ...]
    remarks: tuple[str, ...] = ()


def plan_files(
    subject: Subject, texts: Mapping[PurePosixPath, str], *, module: str = "", maintainers: tuple[str, ...] = ()
) -> Recipe:
    """`recipe.yaml`. `module` is what the package's test imports; `maintainers` go into `extra`.

    Raises:
        Refused: no source distribution; description, licence or home page missing; a requirement that is none.
    """
    subjects.require(subject, "description", "licence", "homepage")
    if subject.sdist is None:
        raise subjects.missing_python(subject, "source distribution")
    try:
        return _recipe(subject, texts, module, maintainers)
    except InputError as error:
        raise Refused([error.at(found.find_pyproject(texts)).as_problem()]) from error


def _recipe(subject: Subject, texts: Mapping[PurePosixPath, str], module: str, maintainers: tuple[str, ...]) -> Recipe:
    build = python_build.parse(_pyproject(texts)[1])
    needed = [distributions.parse_requirement(each) for each in build.build_requires]
    is_rust = not _RUST.isdisjoint(each.name for each in needed)
    remarks: list[str] = []
    host, run = list(_needs(build.build_requires, remarks)), list(_needs(build.requires or (), remarks))
    # One package for all systems and Pythons has the same requirements everywhere.
    pure = "per-python" if any(each.condition for each in run) else "noarch"
    kind = _kind(build, texts) if is_rust else pure
    if build.requires is None:
        remarks.append("requirements at run time are not in [project] dependencies: add them to requirements.run")
    owner = (subject.forge.owner,) if subject.forge and subject.forge.kind == "github" else ()
    stated = re.sub(r"\s", "", build.requires_python)
    programs = [] if build.entry_points else list(subject.programs)
    data = {
        "q": escape_formats.recipe,
        "subject": subject,
        "name": distributions.normalised(subject.name),
        "version": versions.to_pep440(subject.version),
        "kind": kind,
        "is_rust": is_rust,
        "oldest": _oldest(build),
        "requires_python": f" {stated}" if stated else "",
        "host": host,
        "run": run,
        "entry_points": [f"{name} = {target}" for name, target in build.entry_points] if kind == "noarch" else [],
        "module": module or ("" if programs else build.module or distributions.file_stem(subject.about.name)),
        "programs": programs,
        "licence": licences.render(licences.parse(subject.about.licence)),
        "licence_files": [*subject.licence_files, *(["THIRDPARTY.yml"] if is_rust else [])],
        "summary": subjects.described(subject, longest=500),
        "maintainers": maintainers or owner,
    }
    text = templates.render("packaging/recipe.yaml.j2", data)
    return Recipe(files=(PackageFile(path=PurePosixPath("recipe.yaml"), text=text),), remarks=tuple(remarks))


def _kind(build: PythonBuild, texts: Mapping[PurePosixPath, str]) -> Literal["abi3", "per-python"]:
    """Whether one build serves every Python: a stable ABI, or a program that is none of Python's."""
    if build.backend != "maturin":
        return "per-python"
    path, text = _pyproject(texts)
    crate = found.find_crate(path, text)
    if crate not in texts:
        return "per-python"
    asked = extension.find_extension(texts[crate], extension.maturin_features(text), texts.get(found.CARGO, ""))
    return "abi3" if asked is None or asked.abi3 else "per-python"


def _pyproject(texts: Mapping[PurePosixPath, str]) -> tuple[PurePosixPath, str]:
    path = found.find_pyproject(texts)
    assert path is not None, "a subject of a Python project has one"
    return path, texts[path]


def _oldest(build: PythonBuild) -> str:
    """The oldest Python that `requires-python` admits."""
    admitted = (minor for minor in range(6, 60) if distributions.is_admitted(build.requires_python, f"3.{minor}.99"))
    return f"3.{next(admitted, 11)}"


def _needs(stated: Iterable[str], remarks: list[str]) -> Iterable[Need]:
    """The requirements in conda's words; of those that have none a remark."""
    for text in stated:
        need = distributions.parse_requirement(text)
        condition = _condition(need.marker)
        if condition is None or need.url:
            remarks.append(f"{text}: conda has no word for it, add it by hand")
            continue
        specifier = need.specifier.replace("===", "==")
        yield Need(spec=f"{need.name} {specifier}".rstrip(), condition=condition)


def _condition(marker: str) -> str | None:
    """The selector that says the same as a marker of one comparison; None where none does."""
    if not marker:
        return ""
    compared = _COMPARISON.fullmatch(marker)
    if compared is None:
        return None
    variable, operator, value = compared.groups()
    if variable == "python_version":
        return f'match(python, "{operator}{value}")'
    system = _SYSTEMS.get((variable, value))
    if system is None or operator not in {"==", "!="}:
        return None
    return system if operator == "==" else f"not {system}"
