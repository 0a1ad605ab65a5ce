"""Which files and whose facts a package is made of, and each format's own rules."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from support import packages
from support.tools import require
from verbump.domain import escape_formats, versions
from verbump.domain.forge import Forge
from verbump.errors import Refused, UsageError
from verbump.planning.packaging import facts as found
from verbump.planning.packaging import homebrew, scoop, winget

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verbump.planning.packaging.subject import PackageFile, Subject

BASE = "https://github.com/acme/demo/releases/download/v1.3.0"
NASTY = 'say "hi" #{`id`} $(id) it\'s ${{ x }} <b> a: b'
DESCRIPTIONS = st.text(
    alphabet=st.sampled_from("abc \"'`#{}$@()<>&:;|%!*-,.[]\u2018\u2028\U0001f980é"), min_size=3, max_size=60
).filter(lambda text: len(text.strip().strip("\u2028")) > 5)


def programs(**more: Any) -> Subject:
    return found.of_programs(packages.facts(**more))


def described(text: str) -> str:
    return packages.CARGO.replace('"Counts words in files."', json.dumps(text, ensure_ascii=False))


def only(files: Sequence[PackageFile]) -> str:
    (file,) = files
    return file.text


def problems(caught: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(each.code, each.hint) for each in caught.value.problems]


# Which files


def test_archives_of_the_crate_by_triple_with_address_and_sum() -> None:
    subject = programs(names=(*packages.ALL, "demo-1.2.9-x86_64-apple-darwin.tar.gz", "other.txt"))
    assert set(subject.archives) == set(packages.TRIPLES)
    mac = subject.archives["aarch64-apple-darwin"]
    name = "demo-1.3.0-aarch64-apple-darwin.tar.gz"
    assert (mac.name, mac.url, mac.sha256) == (name, f"{BASE}/{name}", packages.sums([name])[name])


@pytest.mark.parametrize(
    ("forge", "expected"),
    [
        (Forge(kind="gitlab", url="https://gitlab.com/a/b/c"), "https://gitlab.com/a/b/c/-/releases/v1.3.0/downloads"),
        (Forge(kind="gitea", url="https://codeberg.org/a/b"), "https://codeberg.org/a/b/releases/download/v1.3.0"),
        (Forge(kind="bitbucket", url="https://bitbucket.org/a/b"), "https://bitbucket.org/a/b/downloads"),
    ],
)
def test_the_default_address_is_the_forges(forge: Forge, expected: str) -> None:
    assert programs(forge=forge).base == expected


def test_another_address() -> None:
    subject = programs(base="https://dl.example/demo/1.3.0/", forge=None)
    assert subject.archives["x86_64-apple-darwin"].url.startswith("https://dl.example/demo/1.3.0/demo-1.3.0-x86")
    with pytest.raises(Refused) as caught:
        programs(forge=None)
    assert problems(caught)[0][0] == "no-download-url"


@pytest.mark.parametrize(
    "base", ["ftp://x/y", "https://x/$(id)", 'https://x/"', "https://x/a b", "https://x/#{1}", "x"]
)
def test_an_address_that_would_be_code_is_refused(base: str) -> None:
    with pytest.raises(UsageError):
        programs(base=base)


TWO = {
    "texts": {
        found.CARGO: '[workspace]\nmembers = ["a", "b", "lib"]\n[workspace.package]\nlicense = "MIT"\n',
        PurePosixPath("a/Cargo.toml"): '[package]\nname = "a"\nlicense.workspace = true\n',
        PurePosixPath("b/Cargo.toml"): '[package]\nname = "b"\n',
        PurePosixPath("lib/Cargo.toml"): '[package]\nname = "lib"\n',
    },
    "paths": ("a/src/main.rs", "b/src/main.rs", "b/src/bin/extra.rs", "lib/src/lib.rs"),
}


def test_several_crates_with_programs() -> None:
    both = packages.sums([packages.archive("x86_64-apple-darwin", crate) for crate in ("a", "b", "lib")])
    with pytest.raises(UsageError, match="several crates have programs: a, b"):
        programs(**TWO, sums=both)
    assert programs(**TWO, sums=both, crate="b").programs == ("b", "extra")
    with pytest.raises(UsageError, match="lib"):
        programs(**TWO, sums=both, crate="lib")
    one = programs(**TWO, sums=packages.sums([packages.archive("x86_64-apple-darwin", "a")]))
    assert (one.crate, one.about.licence) == ("a", "MIT")


def test_a_release_without_a_program() -> None:
    with pytest.raises(Refused) as caught:
        programs(paths=("src/lib.rs",))
    assert problems(caught)[0][0] == "no-program"


@pytest.mark.parametrize("program", ["a b", "$(id)", "a/../b", "-rf", "a\n"])
def test_a_program_that_would_be_code_is_refused(program: str) -> None:
    cargo = packages.CARGO + f"[[bin]]\nname = {json.dumps(program)}\n"
    with pytest.raises(Refused) as caught:
        programs(cargo=cargo)
    assert problems(caught)[0][0] == "program-name"


# What is missing


@pytest.mark.parametrize(
    ("plan", "triple"), [(homebrew.plan_files, "aarch64-apple-darwin"), (winget.plan_files, "x86_64-pc-windows-msvc")]
)
def test_no_archive_for_the_system(plan: Callable[..., object], triple: str) -> None:
    with pytest.raises(Refused) as caught:
        plan(programs(names=[packages.SDIST]))
    assert problems(caught) == [("artifact-missing", f"verbump build --target {triple}")]


def test_each_configured_target_that_is_missing_is_told() -> None:
    names = [packages.archive("x86_64-apple-darwin")]
    with pytest.raises(Refused) as caught:
        homebrew.plan_files(programs(names=names, triples=packages.TRIPLES))
    assert [hint for _, hint in problems(caught)] == [
        f"verbump build --target {triple}"
        for triple in ("aarch64-apple-darwin", "aarch64-unknown-linux-gnu", "x86_64-unknown-linux-gnu")
    ]


def test_everything_that_the_manifests_do_not_say_is_told_at_once() -> None:
    bare = '[package]\nname = "demo"\nversion = "1.3.0"\n'
    with pytest.raises(Refused) as caught:
        homebrew.plan_files(programs(cargo=bare, pyproject="", forge=None, base="https://x.example/y"))
    assert [code for code, _ in problems(caught)] == ["no-description", "no-licence", "no-homepage"]
    assert problems(caught)[1][1] == 'license = "…" in [package] of Cargo.toml or [project] of pyproject.toml'


# Homebrew


def syntax_of(*formulas: str) -> None:
    """`ruby -c`, and what the formula says when it is evaluated with a Formula that only writes down."""
    for text in formulas:
        done = subprocess.run([require("ruby"), "-w", "-c", "-"], input=text.encode(), capture_output=True)
        assert (done.returncode, done.stderr) == (0, b""), done.stderr.decode()


RECORDER = r"""
require 'json'
SAID = []
class Formula
  def self.test
    SAID << [:test]
  end

  def self.method_missing(name, *words, &block)
    SAID << [name, *words]
    yield if block && %i[on_macos on_linux on_arm on_intel].include?(name)
  end
end
"""


def evaluated(text: str) -> list[Any]:
    program = f"{RECORDER}\n{text}\nputs JSON.generate(SAID)\n"
    done = subprocess.run([require("ruby"), "-"], input=program.encode(), capture_output=True, check=True)
    said: list[Any] = json.loads(done.stdout)
    return said


def test_a_formula_says_which_archive_each_machine_gets() -> None:
    text = only(homebrew.plan_files(programs()))
    syntax_of(text)
    assert text.startswith("# demo 1.3.0,")
    said = evaluated(text)
    assert said[:4] == [
        ["desc", "Counts words in files"],
        ["homepage", "https://github.com/acme/demo"],
        ["version", "1.3.0"],
        ["license", {"any_of": ["MIT", "Apache-2.0"]}],
    ]
    assert [each[0] for each in said[4:]] == [
        *("on_macos", "on_arm", "url", "sha256", "on_intel", "url", "sha256"),
        *("on_linux", "on_arm", "url", "sha256", "on_intel", "url", "sha256"),
        "test",
    ]
    urls = [each[1].removeprefix(f"{BASE}/") for each in said if each[0] == "url"]
    assert urls == [packages.archive(triple) for triple in packages.TRIPLES[:4]]
    assert [each[1] for each in said if each[0] == "sha256"] == [packages.sums([url])[url] for url in urls]


@pytest.mark.parametrize(
    ("triples", "expected"),
    [
        (["universal2-apple-darwin"], ["depends_on :macos", "on_macos do"]),
        (["aarch64-apple-darwin"], ["depends_on :macos", "on_macos do", "depends_on arch: :arm64", "on_arm do"]),
        (
            ["x86_64-unknown-linux-gnu", "x86_64-unknown-linux-musl"],
            ["depends_on :linux", "on_linux do", "depends_on arch: :x86_64", "on_intel do"],
        ),
    ],
)
def test_a_formula_for_some_machines_says_so(triples: list[str], expected: list[str]) -> None:
    text = only(homebrew.plan_files(programs(names=map(packages.archive, triples))))
    syntax_of(text)
    lines = [line.strip() for line in text.splitlines()]
    assert [line for line in lines if line.startswith(("depends_on", "on_"))] == expected
    assert packages.archive(triples[-1]) in text
    assert text.count("url ") == 1


@pytest.mark.parametrize(
    ("name", "file", "class_name"),
    [("my-tool", "my-tool.rb", "MyTool"), ("My_tool.x", "my_tool.x.rb", "MyToolX"), ("c++", "c++.rb", "Cxx")],
)
def test_the_class_is_the_one_that_homebrew_looks_for(name: str, file: str, class_name: str) -> None:
    (formula,) = homebrew.plan_files(programs(name=name))
    assert str(formula.path) == file
    assert f"class {class_name} < Formula" in formula.text
    syntax_of(formula.text)


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("MIT", "MIT"),
        ("Apache-2.0 WITH LLVM-exception", {"Apache-2.0": {"with": "LLVM-exception"}}),
        (
            "MIT AND (Zlib OR Apache-2.0 WITH LLVM-exception)",
            {"all_of": ["MIT", {"any_of": ["Zlib", {"Apache-2.0": {"with": "LLVM-exception"}}]}]},
        ),
    ],
)
def test_licences_as_homebrew_writes_them(licence: str, expected: object) -> None:
    text = only(homebrew.plan_files(programs(cargo=packages.CARGO.replace("MIT OR Apache-2.0", licence))))
    assert ["license", expected] in evaluated(text)


@settings(max_examples=3, deadline=None, phases=[Phase.generate])
@given(st.lists(DESCRIPTIONS, min_size=20, max_size=20))
def test_no_description_is_code_in_a_formula(texts: list[str]) -> None:
    formulas = []
    for number, text in enumerate([NASTY, *texts]):
        subject = programs(cargo=described(text), name=f"demo{number}")
        formulas.append(only(homebrew.plan_files(subject)))
    said = [each[1] for each in evaluated("\n".join(formulas)) if each[0] == "desc"]
    assert len(said) == len(formulas)
    for text, desc in zip([NASTY, *texts], said, strict=True):
        inside = desc.casefold().rstrip(".")
        assert inside in escape_formats.one_line(text).casefold()
        assert len(desc) <= 80


# Scoop. Source of the keys and patterns: Scoop's schema.json.

SCOOP_KEYS = {
    *("version", "description", "homepage", "license", "suggest", "architecture", "bin", "checkver", "autoupdate"),
}


def test_a_scoop_manifest() -> None:
    manifest = json.loads(only(scoop.plan_files(programs())))
    assert set(manifest) == SCOOP_KEYS
    assert manifest["version"] == "1.3.0"
    assert manifest["license"] == {
        "identifier": "MIT|Apache-2.0",
        "url": "https://github.com/acme/demo/blob/v1.3.0/LICENSE-MIT",
    }
    assert set(manifest["architecture"]) == {"64bit", "arm64"}
    for processor, each in manifest["architecture"].items():
        assert set(each) == {"url", "hash", "extract_dir"}
        assert re.fullmatch(r"[a-f0-9]{64}", each["hash"])
        assert "$" not in each["url"]
        # What autoupdate makes of the version that there is must be what stands there.
        again = manifest["autoupdate"]["architecture"][processor]
        assert {key: value.replace("$version", "1.3.0") for key, value in again.items()} == {
            "url": each["url"],
            "extract_dir": each["extract_dir"],
        }
    assert manifest["autoupdate"]["hash"] == {"url": "$baseurl/SHA256SUMS"}
    assert manifest["bin"] == "demo.exe"
    assert manifest["checkver"] == {"github": "https://github.com/acme/demo"}


def test_scoop_finds_its_sum_in_our_sha256sums() -> None:
    """The expression with which Scoop looks for a file's hash. Source: Scoop, lib/autoupdate.ps1, find_hash_in_textfile."""
    from verbump.domain import distributions

    name = "demo-1.3.0-x86_64-pc-windows-msvc.zip"
    text = distributions.render_sums(packages.sums(packages.ALL))
    hit = re.search(r"([a-fA-F0-9]{32,128})[\x20\t]+.*" + re.escape(name) + r"(?:[\x20\t]+\d+)?", text)
    assert hit is not None
    assert hit[1] == packages.sums([name])[name]


@pytest.mark.parametrize(
    ("tag", "forge", "page"),
    [
        ("py/v1.3.0", packages.FORGE, '<a href="/acme/demo/releases/tag/py/v1.4.0">'),
        ("v1.3.0", Forge(kind="gitea", url="https://codeberg.org/a/b"), '<a href="/a/b/releases/tag/v1.4.0">'),
        ("v1.3.0", Forge(kind="gitlab", url="https://gitlab.com/a/b"), '<a href="/a/b/-/releases/v1.4.0">'),
    ],
)
def test_scoop_finds_the_next_version(tag: str, forge: Forge, page: str) -> None:
    manifest = json.loads(only(scoop.plan_files(programs(tag=tag, forge=forge))))
    hit = re.search(manifest["checkver"]["regex"], page)
    assert hit is not None
    assert hit[1] == "1.4.0"


def test_scoop_updates_nothing_where_it_cannot_look() -> None:
    manifest = json.loads(
        only(scoop.plan_files(programs(forge=None, base="https://dl.example/latest"), is_static=True))
    )
    assert set(manifest) == SCOOP_KEYS - {"checkver", "autoupdate", "suggest"}


# winget. Source of the keys and patterns: microsoft/winget-cli, schemas/JSON/manifests/v1.10.0.

IDENTIFIER = re.compile(r"""[^\.\s\\/:\*\?"<>\|\x01-\x1f]{1,32}(\.[^\.\s\\/:\*\?"<>\|\x01-\x1f]{1,32}){1,7}""")
REQUIRED = {
    "version": {"PackageIdentifier", "PackageVersion", "DefaultLocale", "ManifestType", "ManifestVersion"},
    "installer": {"PackageIdentifier", "PackageVersion", "Installers", "ManifestType", "ManifestVersion"},
    "defaultLocale": {
        *("PackageIdentifier", "PackageVersion", "PackageLocale", "Publisher", "PackageName", "License"),
        *("ShortDescription", "ManifestType", "ManifestVersion"),
    },
}
ALLOWED = {
    "version": REQUIRED["version"],
    "installer": REQUIRED["installer"] | {"InstallerType", "NestedInstallerType", "Commands"},
    "defaultLocale": REQUIRED["defaultLocale"]
    | {"PackageUrl", "LicenseUrl", "Moniker", "ReleaseNotesUrl", "Documentations"},
}


def manifests_of(files: Sequence[PackageFile]) -> dict[str, Any]:
    read = {}
    for file in files:
        data = yaml.safe_load(file.text)
        kind = data["ManifestType"]
        assert REQUIRED[kind] <= set(data) <= ALLOWED[kind]
        assert IDENTIFIER.fullmatch(data["PackageIdentifier"])
        assert data["ManifestVersion"] == "1.10.0"
        assert f"winget-manifest.{kind}.1.10.0.schema.json" in file.text
        assert str(file.path).startswith(data["PackageIdentifier"])
        read[kind] = data
    assert len({(each["PackageIdentifier"], each["PackageVersion"]) for each in read.values()}) == 1
    return read


def test_winget_manifests() -> None:
    files = winget.plan_files(programs())
    assert [str(file.path) for file in files] == [
        "acme.demo.yaml",
        "acme.demo.installer.yaml",
        "acme.demo.locale.en-US.yaml",
    ]
    read = manifests_of(files)
    installers = read["installer"]["Installers"]
    assert [each["Architecture"] for each in installers] == ["x64", "arm64"]
    for each in installers:
        assert re.fullmatch(r"[A-Fa-f0-9]{64}", each["InstallerSha256"])
        assert each["Dependencies"]["PackageDependencies"] == [
            {"PackageIdentifier": f"Microsoft.VCRedist.2015+.{each['Architecture']}"}
        ]
    name = "demo-1.3.0-x86_64-pc-windows-msvc"
    assert installers[0]["InstallerUrl"] == f"{BASE}/{name}.zip"
    assert installers[0]["NestedInstallerFiles"] == [
        {"RelativeFilePath": f"{name}\\demo.exe", "PortableCommandAlias": "demo"}
    ]
    assert read["defaultLocale"]["License"] == "MIT OR Apache-2.0"


def test_winget_takes_what_it_is_told() -> None:
    files = winget.plan_files(programs(), identifier="Acme.Words", publisher="Acme: Inc.", is_static=True)
    read = manifests_of(files)
    assert read["defaultLocale"]["Publisher"] == "Acme: Inc."
    assert "Dependencies" not in read["installer"]["Installers"][0]
    with pytest.raises(UsageError):
        winget.plan_files(programs(), identifier="no-dot")
    with pytest.raises(Refused) as caught:
        winget.plan_files(programs(forge=None, base="https://x.example"))
    assert problems(caught) == [("no-publisher", "--publisher NAME")]


@settings(max_examples=60, deadline=None)
@given(DESCRIPTIONS)
def test_no_description_is_a_key_in_winget_or_scoop(text: str) -> None:
    subject = programs(cargo=described(text))
    line = escape_formats.one_line(text)
    assert manifests_of(winget.plan_files(subject))["defaultLocale"]["ShortDescription"] == line
    manifest = json.loads(only(scoop.plan_files(subject)))
    assert (set(manifest), manifest["description"]) == (SCOOP_KEYS, line)


def test_a_long_description_is_cut_between_words() -> None:
    text = "word " * 100
    read = manifests_of(winget.plan_files(programs(cargo=described(text))))
    short = read["defaultLocale"]["ShortDescription"]
    assert len(short) <= 256
    assert short.endswith("word…")


def test_a_candidate_keeps_its_version() -> None:
    version = versions.parse("1.4.0-rc.1")
    names = [packages.archive("x86_64-pc-windows-msvc", version="1.4.0-rc.1")]
    read = manifests_of(winget.plan_files(programs(version=version, tag="v1.4.0-rc.1", names=names)))
    assert read["version"]["PackageVersion"] == "1.4.0-rc.1"
