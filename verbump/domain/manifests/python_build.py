"""How a Python project is built and what it needs, from its pyproject.toml.

Source: PEP 518, PEP 621; maturin's settings.
"""

from __future__ import annotations

from dataclasses import dataclass

from verbump.domain.manifests.toml_text import read_toml, string_at, strings_at, table_at


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonBuild:
    """What is said, as written. `requires` are run-time requirements, None where `[project]` does not list them.

    `entry_points` are (command, object); `module` is maturin's `module-name`, "" without.
    """

    requires_python: str = ""
    backend: str = ""
    build_requires: tuple[str, ...] = ()
    requires: tuple[str, ...] | None = None
    entry_points: tuple[tuple[str, str], ...] = ()
    module: str = ""


def parse(text: str) -> PythonBuild:
    """What the file says.

    Raises:
        InputError: `manifest-syntax`, with the line.
    """
    document = read_toml(text).document
    is_said = bool(table_at(document, "project")) and "dependencies" not in strings_at(document, "project", "dynamic")
    scripts = table_at(document, "project", "scripts")
    return PythonBuild(
        requires_python=string_at(document, "project", "requires-python") or "",
        backend=string_at(document, "build-system", "build-backend") or "",
        build_requires=strings_at(document, "build-system", "requires") or ("setuptools",),
        requires=strings_at(document, "project", "dependencies") if is_said else None,
        entry_points=tuple((name, target) for name, target in scripts.items() if isinstance(target, str)),
        module=string_at(document, "tool", "maturin", "module-name") or "",
    )
