"""Recipe, Dockerfile and Chocolatey package, each read by its ecosystem's own parser where that runs here."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from support import packages
from support.tools import require, require_module
from verbump.domain import escape_formats
from verbump.errors import Refused, UsageError
from verbump.planning.packaging import chocolatey, conda, docker
from verbump.planning.packaging import facts as found

if TYPE_CHECKING:
    from verbump.planning.packaging.facts import Facts
    from verbump.planning.packaging.subject import PackageFile

BASE = "https://github.com/acme/demo/releases/download/v1.3.0"
DIGEST = "0123456789abcdef" * 4
IMAGE = f"debian:12-slim@sha256:{DIGEST}"
NASTY = 'say "hi" #{`id`} $(id) it\'s ${{ x }} ${HOME} <b> \\ a: b"'
PURE = """\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "demo"
version = "1.3.0"
description = "Counts words in files."
license = "MIT"
requires-python = ">=3.11,<4"
dependencies = [
    "click>=8.1,!=8.1.4",
    "tomli>=2; python_version < '3.12'",
    "colorama[x]; sys_platform == 'win32'",
    "uvloop~=0.21; sys_platform != 'win32'",
    "odd; platform_machine == 's390x'",
    "local @ https://x.example/local.whl",
]

[project.scripts]
demo = "demo.cli:main"
"""
PYO3 = (
    packages.CARGO
    + '\n[lib]\ncrate-type = ["cdylib"]\n\n[dependencies]\npyo3 = {{ version = "0.27", features = [{}] }}\n'
)


def described(text: str) -> dict[str, str]:
    """Manifests with that description."""
    written = json.dumps(text, ensure_ascii=False)
    old = '"Counts words in files."'
    return {"cargo": packages.CARGO.replace(old, written), "pyproject": packages.PYPROJECT.replace(old, written)}


def problems(caught: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(each.code, each.hint) for each in caught.value.problems]


# conda


def recipe(facts: Facts, **options: Any) -> conda.Recipe:
    return conda.plan_files(found.of_python(facts), facts.texts, **options)


def rendered(text: str, platform: str = "linux-64") -> dict[str, Any]:
    """What rattler-build makes of the recipe for a platform."""
    rattler = require_module("rattler_build")
    platform_config = require_module("rattler_build.tool_config").PlatformConfig

    variants = {
        "rust_compiler": ["rust"],
        "c_compiler": ["gcc"],
        "c_stdlib": ["sysroot"],
        "python": ["3.11.*", "3.12.*"],
    }
    config = rattler.RenderConfig(platform=platform_config(target_platform=platform))
    made = rattler.Stage0Recipe.from_yaml(text).render(rattler.VariantConfig(variants), config)
    assert made
    data: dict[str, Any] = made[0].recipe.to_dict()
    return data | {"variants": len(made)}


def test_a_recipe_of_a_pure_project() -> None:
    plain = re.sub(r"    \".*(?:;|@).*\",\n", "", PURE)
    made = recipe(packages.facts(cargo="", pyproject=plain, paths=("LICENSE",)))
    assert made.remarks == ()
    data = rendered(made.files[0].text)
    sha256 = packages.sums([packages.SDIST])[packages.SDIST]
    assert data["source"] == [{"url": f"{BASE}/{packages.SDIST}", "sha256": sha256}]
    assert (data["package"], data["variants"]) == ({"name": "demo", "version": "1.3.0"}, 1)
    assert (data["build"]["noarch"], data["build"]["python"]) == ("python", {"entry_points": ["demo = demo.cli:main"]})
    needs = data["requirements"]
    assert "build" not in needs
    assert needs["host"] == ["python 3.11.*", "pip", "hatchling >=1.27"]
    assert needs["run"] == ["python >=3.11,<4", "click >=8.1,!=8.1.4"]
    assert data["about"]["license_file"] == ["LICENSE"]
    assert data["extra"] == {"recipe-maintainers": ["acme"]}


def test_requirements_that_differ_are_one_package_each() -> None:
    made = recipe(packages.facts(cargo="", pyproject=PURE))
    assert made.remarks == (
        "odd; platform_machine == 's390x': conda has no word for it, add it by hand",
        "local @ https://x.example/local.whl: conda has no word for it, add it by hand",
    )
    data = rendered(made.files[0].text)
    assert ("noarch" in data["build"], data["variants"]) == (False, 2)
    assert data["requirements"]["run"] == ["python", "click >=8.1,!=8.1.4", "tomli >=2", "uvloop ~=0.21"]
    windows = rendered(made.files[0].text, "win-64")["requirements"]["run"]
    assert windows == ["python", "click >=8.1,!=8.1.4", "tomli >=2", "colorama"]


@pytest.mark.parametrize(
    ("features", "expected", "variants"), [('"abi3-py310"', {"version_independent": True}, 1), ("", None, 2)]
)
def test_a_recipe_of_an_extension(features: str, expected: object, variants: int) -> None:
    facts = packages.facts(cargo=PYO3.format(features), paths=("LICENSE", "src/lib.rs"))
    data = rendered(recipe(facts, maintainers=("ada",), module="demo._core").files[0].text)
    assert (data["build"].get("python"), data["variants"]) == (expected, variants)
    assert data["requirements"]["build"][0] == "rust_linux-64"
    assert data["build"]["script"][0].startswith("cargo-bundle-licenses")
    assert data["about"]["license_file"] == ["LICENSE", "THIRDPARTY.yml"]
    assert data["tests"] == [{"python": {"imports": ["demo._core"]}}]
    assert data["extra"]["recipe-maintainers"] == ["ada"]


def test_a_recipe_of_a_program_in_a_wheel_runs_the_program() -> None:
    bare = packages.PYPROJECT.partition("[project.scripts]")[0]
    data = rendered(recipe(packages.facts(pyproject=bare)).files[0].text)
    assert data["tests"] == [{"script": "demo --version"}]
    assert data["build"]["python"] == {"version_independent": True}


def test_a_project_in_a_folder_of_its_own() -> None:
    texts = {
        PurePosixPath("py/pyproject.toml"): packages.PYPROJECT,
        PurePosixPath("py/Cargo.toml"): PYO3.format('"abi3-py310"'),
    }
    data = rendered(recipe(packages.facts(texts=texts)).files[0].text)
    assert data["build"]["python"] == {"version_independent": True}
    assert data["about"]["homepage"] == "https://github.com/acme/demo"


def test_requirements_that_are_elsewhere_are_told() -> None:
    dynamic = PURE[: PURE.index("dependencies = [")] + 'dynamic = ["dependencies"]\n'
    made = recipe(packages.facts(cargo="", pyproject=dynamic))
    assert len(made.remarks) == 1
    assert "requirements.run" in made.remarks[0]


def test_no_source_distribution() -> None:
    with pytest.raises(Refused) as caught:
        recipe(packages.facts(names=[*packages.WHEELS, "demo-1.2.0.tar.gz", "other-1.3.0.tar.gz"]))
    assert problems(caught) == [("artifact-missing", "verbump build --python-only")]


def test_no_python_project() -> None:
    with pytest.raises(Refused) as caught:
        found.of_python(packages.facts(pyproject=""))
    assert problems(caught)[0][0] == "no-python-project"


def test_a_broken_requirement_is_told_with_its_file() -> None:
    with pytest.raises(Refused, match=r"pyproject\.toml: 'a b c' is no requirement"):
        recipe(packages.facts(cargo="", pyproject=PURE.replace("hatchling>=1.27", "a b c")))


TEXTS = st.text(alphabet=st.sampled_from("ab \"'\\${}#:&*-%|\u2028é"), min_size=3, max_size=40)


@settings(max_examples=60, deadline=None, phases=[Phase.generate])
@given(TEXTS, st.sampled_from(["", " ${{ 7 * 7 }}", "${{", "{{ 7 * 7 }} {% if %} {#"]))
def test_no_description_is_an_expression_of_a_recipe(text: str, more: str) -> None:
    written = f"x {text}{more}"
    made = recipe(packages.facts(**described(written)))
    assert rendered(made.files[0].text)["about"]["summary"] == escape_formats.one_line(written)


# Docker


def instructions(text: str) -> list[tuple[str, str]]:
    """Instruction and arguments, continued lines joined. Source: Dockerfile reference, "Format"."""
    joined = re.sub(r" *\\\n\s*", " ", "\n".join(line for line in text.splitlines() if not line.startswith("#")))
    return [(word, rest) for line in joined.splitlines() if line for word, _, rest in [line.partition(" ")]]


def linted(*texts: str) -> None:
    """Without a finding, however small; the linter is installed on Linux alone."""
    if sys.platform != "linux":
        return
    for text in texts:
        command = [require("hadolint"), "--no-color", "--failure-threshold", "style", "-"]
        done = subprocess.run(command, input=text, capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_a_dockerfile_of_programs() -> None:
    (file,) = docker.plan_programs(found.of_programs(packages.facts(**described(NASTY))), IMAGE)
    linted(file.text)
    assert file.text.startswith("# syntax=docker/dockerfile:1\n")
    said = instructions(file.text)
    assert said[0] == ("ARG", f"BASE={IMAGE}")
    for architecture, triple in {"amd64": "x86_64-unknown-linux-gnu", "arm64": "aarch64-unknown-linux-gnu"}.items():
        name = packages.archive(triple)
        at = said.index(("FROM", f"scratch AS archive-{architecture}"))
        digest = packages.sums([name])[name]
        assert said[at + 1] == ("ADD", f"--chmod=0644 --checksum=sha256:{digest} {BASE}/{name} /archive.tar.gz")
    assert [rest for word, rest in said if word == "FROM"][2:] == [
        "archive-${TARGETARCH} AS archive",
        "--platform=${BUILDPLATFORM} ${UNPACK} AS unpacked",
        "${BASE}",
    ]
    last = said[max(at for at, (word, _) in enumerate(said) if word == "FROM") :]
    assert not any(word == "RUN" for word, _ in last), "nothing of another architecture has to run"
    assert last[-2:] == [("USER", "65532:65532"), ("ENTRYPOINT", '["/usr/local/bin/demo"]')]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab \"'\\\\$`{}#<-\u2028é"), min_size=1, max_size=40).filter(str.strip))
def test_no_description_is_an_instruction(text: str) -> None:
    """By Docker's own parser, which gives words as they are quoted."""
    parser = require_module("dockerfile")
    line = escape_formats.one_line(f"x {text}")
    (file,) = docker.plan_programs(found.of_programs(packages.facts(**described(line))), IMAGE)
    commands = parser.parse_string(file.text)
    assert [each.cmd.upper() for each in commands] == [word for word, _ in instructions(file.text)]
    (label,) = [each.value for each in commands if each.cmd.upper() == "LABEL"]
    values = dict(zip(label[::2], label[1::2], strict=True))
    quoted = values["org.opencontainers.image.description"]
    assert not re.search(r"(?<!\\)(?:\\\\)*[$]", quoted)
    assert re.sub(r"\\(.)", r"\1", quoted[1:-1]) == line


def test_the_static_program_is_taken_where_there_is_one() -> None:
    names = [packages.archive(f"x86_64-unknown-linux-{libc}") for libc in ("gnu", "musl")]
    (file,) = docker.plan_programs(found.of_programs(packages.facts(names=names)), IMAGE)
    assert names[1] in file.text
    assert names[0] not in file.text
    assert "arm64" not in file.text


def test_a_dockerfile_of_wheels() -> None:
    (file,) = docker.plan_wheels(found.of_python(packages.facts(**described(NASTY))), IMAGE)
    linted(file.text)
    said = instructions(file.text)
    added = [re.sub(r".*/(\S+) /$", r"\1", rest) for word, rest in said if word == "ADD"]
    assert added == [packages.WHEELS[0], packages.WHEELS[2], packages.WHEELS[1]]
    (run,) = [rest for word, rest in said if word == "RUN"]
    assert "--no-index --no-deps --find-links=/wheels demo==1.3.0" in run
    assert said[-1] == ("ENTRYPOINT", '["/opt/demo/bin/demo"]')


def test_what_a_container_of_wheels_runs() -> None:
    library = PURE.partition("[project.scripts]")[0]
    facts = packages.facts(cargo="", pyproject=library, names=["demo-1.3.0-py3-none-any.whl"])
    with pytest.raises(Refused) as caught:
        docker.plan_wheels(found.of_python(facts), IMAGE)
    assert problems(caught) == [("no-program", "--command NAME")]
    (file,) = docker.plan_wheels(found.of_python(facts), IMAGE, "serve")
    assert '["/opt/demo/bin/serve"]' in file.text
    linted(file.text)
    with pytest.raises(UsageError):
        docker.plan_wheels(found.of_python(facts), IMAGE, '"]\nRUN id')


def test_no_wheel_and_no_archive_for_linux() -> None:
    facts = packages.facts(names=[packages.WHEELS[3], packages.archive("x86_64-apple-darwin")])
    with pytest.raises(Refused) as caught:
        docker.plan_wheels(found.of_python(facts), IMAGE)
    assert problems(caught) == [("artifact-missing", "verbump build --python-only")]
    with pytest.raises(Refused) as caught:
        docker.plan_programs(found.of_programs(facts), IMAGE)
    assert problems(caught) == [("artifact-missing", "verbump build --target x86_64-unknown-linux-musl")]


@pytest.mark.parametrize(
    "base", ["debian:12", "debian@sha256:abc", f"$(id)@sha256:{DIGEST}", f"a\nRUN x@sha256:{DIGEST}", ""]
)
def test_a_base_that_is_not_pinned_is_refused(base: str) -> None:
    with pytest.raises(UsageError) as caught:
        docker.check_base(base)
    assert caught.value.code == "base-not-pinned"
    docker.check_base(IMAGE)
    docker.check_base(f"ghcr.io:443/acme/base@sha256:{DIGEST}")


# Chocolatey. Source of the elements: NuGet, ".nuspec reference"; Chocolatey, "Create Packages".

NUSPEC = "{http://schemas.microsoft.com/packaging/2015/06/nuspec.xsd}"
ELEMENTS = {
    *("id", "version", "title", "authors", "projectUrl", "licenseUrl", "requireLicenseAcceptance", "projectSourceUrl"),
    *("docsUrl", "tags", "summary", "description", "releaseNotes", "dependencies"),
}


def package(**more: Any) -> tuple[dict[str, str], str]:
    """The nuspec's metadata, and the script."""
    options = {key: more.pop(key) for key in ("authors", "is_static") if key in more}
    files = chocolatey.plan_files(found.of_programs(packages.facts(**more)), **options)
    assert [str(file.path) for file in files] == ["demo.nuspec", "tools/chocolateyinstall.ps1"]
    return metadata_of(files[0]), files[1].text


def metadata_of(file: PackageFile) -> dict[str, str]:
    root = ET.fromstring(file.text.encode())
    assert (root.tag, [each.tag for each in root]) == (f"{NUSPEC}package", [f"{NUSPEC}metadata", f"{NUSPEC}files"])
    names = [each.tag.removeprefix(NUSPEC) for each in root[0]]
    assert set(names) <= ELEMENTS
    assert len(names) == len(set(names))
    (inside,) = root[1]
    assert inside.attrib == {"src": "tools\\**", "target": "tools"}
    found = {name: each.text or "" for name, each in zip(names, root[0], strict=True)}
    assert re.fullmatch(r"[a-z0-9]+(?:[._-][a-z0-9]+)*", found["id"])
    return found


def arguments(script: str) -> dict[str, str]:
    """The hash table that the script gives to Chocolatey, by PowerShell's grammar; nothing else is called."""
    import tree_sitter
    import tree_sitter_powershell

    tree = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language())).parse(script.encode())
    assert not tree.root_node.has_error
    called, entries, queue = [], {}, [tree.root_node]
    while queue:
        node = queue.pop()
        text = (node.text or b"").decode()
        if node.type == "command_name":
            called.append(text)
        if node.type == "hash_entry":
            key, _, value = text.partition("=")
            entries[key.strip()] = value.strip()
        queue += node.children
    assert sorted(called) == ["Install-ChocolateyZipPackage", "Split-Path"]
    return entries


def test_a_chocolatey_package() -> None:
    metadata, script = package()
    assert metadata["description"] == "Counts words in files."
    assert metadata["authors"] == "acme"
    assert metadata["projectUrl"] == metadata["projectSourceUrl"] == "https://github.com/acme/demo"
    name = packages.archive("x86_64-pc-windows-msvc")
    given = arguments(script)
    assert given.pop("unzipLocation").startswith("Split-Path")
    assert given == {
        "packageName": "$env:ChocolateyPackageName",
        "url64bit": f"'{BASE}/{name}'",
        "checksum64": f"'{packages.sums([name])[name]}'",
        "checksumType64": "'sha256'",
    }
    assert "dependencies" in metadata
    assert "dependencies" not in package(is_static=True)[0]


def test_both_processors_of_chocolatey() -> None:
    names = [packages.archive(f"{processor}-pc-windows-msvc") for processor in ("i686", "x86_64")]
    given = arguments(package(names=names)[1])
    assert (given["url"], given["url64bit"]) == tuple(f"'{BASE}/{name}'" for name in names)
    with pytest.raises(Refused) as caught:
        package(names=[packages.archive("aarch64-pc-windows-msvc")])
    assert problems(caught) == [("artifact-missing", "verbump build --target x86_64-pc-windows-msvc")]


def test_chocolatey_needs_authors() -> None:
    alone = {"forge": None, "base": "https://x.example/y"}
    with pytest.raises(Refused) as caught:
        package(**alone)
    assert problems(caught) == [("no-authors", "--authors NAMES")]
    assert package(**alone, authors="A & B <c>")[0]["authors"] == "A & B <c>"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(
    st.text(alphabet=st.sampled_from("ab \"'\\<>&;]![-$()`\u2018\u2028é"), min_size=1, max_size=40).filter(str.strip)
)
def test_no_description_is_an_element_of_a_nuspec(text: str) -> None:
    metadata, script = package(**described(f"x {text}"))
    assert metadata["description"] == metadata["summary"] == escape_formats.one_line(f"x {text}")
    assert len(arguments(script)) == 5


def test_a_licence_file_that_is_no_licence_file_is_left_out() -> None:
    subject = found.of_programs(packages.facts(paths=("src/main.rs", "docs/LICENSE", "LICENSE; rm", "COPYING.LESSER")))
    assert subject.licence_files == ("COPYING.LESSER",)
