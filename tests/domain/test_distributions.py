"""What distributions say of themselves: file names, metadata, RECORD, WHEEL and SHA256SUMS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from verbump.domain import distributions
from verbump.domain.distributions import Metadata, Named, Requirement
from verbump.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable


def test_names_as_files_and_as_the_index_have_them() -> None:
    assert distributions.normalised("My.Demo__x") == "my-demo-x"
    assert distributions.file_stem("My.Demo-x") == "my_demo_x"


def test_file_names() -> None:
    wheel = distributions.parse_wheel_name(
        "My_Demo-1.2.0rc1-cp39.cp38-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"
    )
    platforms = ("manylinux2014_x86_64", "manylinux_2_17_x86_64")
    tags = tuple((python, "abi3", platform) for python in ("cp38", "cp39") for platform in platforms)
    assert wheel == Named(name="my-demo", version="1.2.0rc1", tags=tags)
    assert distributions.parse_sdist_name("my_demo-1.2.0.tar.gz") == Named(name="my-demo", version="1.2.0")


def test_metadata() -> None:
    text = b"Metadata-Version: 2.3\nName: My-Demo\nVersion: 1.2.0rc1\n"
    assert distributions.parse_metadata(text) == Metadata(name="My-Demo", version="1.2.0rc1")
    found = distributions.parse_metadata(text + b"Requires-Python: >=3.9\n\nName: words\n")
    assert found == Metadata(name="My-Demo", version="1.2.0rc1", requires_python=">=3.9")


REQUIREMENTS = [
    ("Click", Requirement(name="click", specifier="")),
    ("my_lib.x[fast,io] <2, >=1", Requirement(name="my-lib-x", specifier=">=1,<2")),
    ("a !=1.5,~=1.0,<2,>1", Requirement(name="a", specifier=">1,!=1.5,<2,~=1.0")),
    ("b>=1; python_version < '3.11'", Requirement(name="b", specifier=">=1", marker='python_version < "3.11"')),
    ("c @ https://h/c.whl", Requirement(name="c", specifier="", url="https://h/c.whl")),
]


@pytest.mark.parametrize(("text", "wanted"), REQUIREMENTS)
def test_requirements(text: str, wanted: Requirement) -> None:
    assert distributions.parse_requirement(text) == wanted


HASHES = {"b.whl": "b" * 64, "a b.tar.gz": "0a" * 32}
SUMS = f"{'0a' * 32}  a b.tar.gz\n{'b' * 64}  b.whl\n"


def test_sums_are_read_as_written() -> None:
    assert distributions.render_sums(HASHES) == SUMS
    assert distributions.parse_sums(SUMS) == HASHES
    assert distributions.parse_sums(f"{'b' * 64} *b.whl") == {"b.whl": "b" * 64}


SHA = "a" * 64
EXPECTED = "expected 64 hex digits, two blanks and a file name"
REFUSED: list[tuple[Callable[[], object], str]] = [
    (
        lambda: distributions.parse_requirement("no requirement"),
        "'no requirement' is no requirement [requirement] None: see PEP 508",
    ),
    (
        lambda: distributions.parse_metadata(b"Name: x\n"),
        "the metadata states no name or no version [artifact-metadata] None: ",
    ),
    (
        lambda: distributions.parse_metadata(b"Version: 1\n"),
        "the metadata states no name or no version [artifact-metadata] None: ",
    ),
    (
        lambda: distributions.parse_metadata(b"Name: x\nVersion: y\n"),
        "the metadata states version 'y' [artifact-metadata] None: ",
    ),
    (
        lambda: distributions.is_admitted("=>3.9", "3.9"),
        "requires-python '=>3.9' cannot be read [requires-python] None: write for example requires-python = \">=3.11\"",
    ),
    (
        lambda: distributions.parse_sums(f"{SHA}  a\n{SHA}  a\n"),
        "a stands twice [sums-malformed] 2: ",
    ),
    (
        lambda: distributions.parse_sums(f"{SHA}  a\n{'x' * 81}"),
        f"{EXPECTED}, got '{'x' * 80}' [sums-malformed] 2: verbump build writes it anew",
    ),
]


@pytest.mark.parametrize(("call", "said"), REFUSED)
def test_what_is_refused(call: Callable[[], object], said: str) -> None:
    with pytest.raises(InputError) as caught:
        call()
    error = caught.value
    assert f"{error.message} [{error.code}] {getattr(error, 'line', None)}: {error.hint}" == said


@pytest.mark.parametrize(
    ("parse", "file", "said"),
    [
        (distributions.parse_wheel_name, "demo-1.2.0.whl", "not the name of a wheel: "),
        (distributions.parse_sdist_name, "demo.rar", "not the name of a source distribution: "),
    ],
)
def test_file_names_that_are_refused(parse: Callable[[str], object], file: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(file)
    assert caught.value.code == "artifact-name"
    assert caught.value.message == f"{file}: {said}{caught.value.__cause__}"


@pytest.mark.parametrize(
    "line", ["", f"{SHA} a", f"{SHA}  ../a", f"{SHA}  a\\b", f"{'A' * 64}  a", f"{SHA[1:]}  a", f"{SHA}  a\n"]
)
def test_lines_that_are_no_sums(line: str) -> None:
    with pytest.raises(InputError) as caught:
        distributions.parse_sums(f"{line}\n")
    assert caught.value.code == "sums-malformed"


SAME = [("1.2.0", "1.2", True), ("1.2.0rc1", "1.2.0-rc.1", True), ("1.2.0", "1.2.1", False), ("x", "x", False)]


@pytest.mark.parametrize(("one", "other", "wanted"), [*SAME, ("1.2.0", "x", False)])
def test_one_version_in_two_spellings(one: str, other: str, wanted: bool) -> None:
    assert distributions.is_same_version(one, other) is wanted


ADMITTED = [(">=3.11", "3.11", True), (">=3.11", "3.10", False), (">=3.11", "3.13.0rc1", True), ("", "3.9", True)]


@pytest.mark.parametrize(("requires", "version", "wanted"), ADMITTED)
def test_python_that_is_admitted(requires: str, version: str, wanted: bool) -> None:
    assert distributions.is_admitted(requires, version) is wanted


FILES = {"demo/a.py": ("hashA", 10), "demo-1.dist-info/RECORD": ("hashR", 99)}
RECORD = "demo/a.py,sha256=hashA,10\ndemo-1.dist-info/RECORD,,\n"
RECORDS = [
    pytest.param(RECORD, {}, [], id="agrees"),
    pytest.param("demo/a.py,sha256=hashA,\ndemo-1.dist-info/RECORD,,\n", {}, [], id="no size"),
    pytest.param("demo/a.py,sha256=hashA,10\n", {}, [], id="RECORD need not list itself"),
    pytest.param(RECORD, {"d.dist-info/RECORD.jws": ("x", 1), "d.dist-info/RECORD.p7s": ("y", 1)}, [], id="signed"),
    pytest.param(RECORD, {"demo/RECORD": ("x", 1)}, ["demo/RECORD is not in RECORD"], id="another RECORD"),
    pytest.param(
        RECORD,
        {"demo/b.py": ("hashB", 1), "demo/c.py": ("hashC", 1)},
        ["demo/b.py is not in RECORD", "demo/c.py is not in RECORD"],
        id="files that are not listed",
    ),
    pytest.param(f"{RECORD}demo/b.py,,\n", {"demo/b.py": ("x", 1)}, ["demo/b.py has no hash in RECORD"], id="no hash"),
    pytest.param(f"{RECORD}demo/b.py,,1\n", {"demo/b.py": ("x", 1)}, ["demo/b.py has no hash in RECORD"], id="a size"),
    pytest.param(
        RECORD.replace("hashA", "hashB"), {}, ["demo/a.py has another hash than RECORD says"], id="another hash"
    ),
    pytest.param(RECORD.replace("sha256", "md5"), {}, ["demo/a.py has another hash than RECORD says"], id="md5"),
    pytest.param(RECORD.replace(",10", ",11"), {}, ["demo/a.py has 10 bytes, RECORD says 11"], id="another size"),
    pytest.param(
        f"{RECORD}x.py,sha256=h,1\n", {}, ["RECORD lists x.py, which is not there"], id="a file that is not there"
    ),
    pytest.param(
        'demo/a.py\n"demo/a.py",sha256=hashA,10\n', {}, [], id="lines of one cell are no rows, quotes are the table's"
    ),
]


@pytest.mark.parametrize(("record", "more", "wanted"), RECORDS)
def test_record_against_the_files(record: str, more: dict[str, tuple[str, int]], wanted: list[str]) -> None:
    assert list(distributions.find_record_faults(record, FILES | more)) == wanted


TAGS = [("cp39", "abi3", "win_amd64"), ("cp310", "abi3", "win_amd64")]
WHEELS = [
    ("Wheel-Version: 1.0\nTag: cp39-abi3-win_amd64\nTag:cp310-abi3-win_amd64\nBuild: Tag: x\n", None),
    ("", "none"),
    ("Tag: py3-none-any\nTag: cp39-abi3-win_amd64\n", "cp39-abi3-win_amd64, py3-none-any"),
]


@pytest.mark.parametrize(("wheel", "states"), WHEELS)
def test_wheel_against_its_name(wheel: str, states: str | None) -> None:
    says = "its name says cp310-abi3-win_amd64, cp39-abi3-win_amd64"
    wanted = [] if states is None else [f"WHEEL states the tags {states}, {says}"]
    assert list(distributions.find_tag_faults(wheel, TAGS)) == wanted


ARCHIVES = [
    ("my-demo-1.2.0-x86_64-unknown-linux-gnu.tar.gz", ("my-demo", "x86_64-unknown-linux-gnu")),
    ("demo-1.2.0-x86_64-pc-windows-msvc.zip", ("demo", "x86_64-pc-windows-msvc")),
    ("demo-1.2.0-aarch64-apple-darwin.tar.gz", ("demo", "aarch64-apple-darwin")),
    ("demo-1.2.0-wasm32-wasip1.zip", ("demo", "wasm32-wasip1")),
    ("demo-1.2.0-a-b-c-d-e.zip", None),
    ("demo-1.2.0-linux.zip", None),
    ("demo-1.2.1-aarch64-apple-darwin.zip", None),
    ("-1.2.0-aarch64-apple-darwin.zip", None),
    ("demo-1.2.0-aarch64-apple-darwin.7z", None),
    ("demo-1.2.0-aarch64-apple-darwin.zip.sig", None),
]


@pytest.mark.parametrize(("file", "wanted"), ARCHIVES)
def test_names_of_archives(file: str, wanted: tuple[str, str] | None) -> None:
    assert distributions.parse_archive_name(file, "1.2.0") == wanted
