"""What is rendered for projects of every shape: four linters find nothing, and nothing is public before it is tested."""

from __future__ import annotations

import fnmatch
import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from support.git_repo import GitRepo
from support.workflow_shapes import (
    ABI3,
    EACH,
    LIBRARY,
    PROGRAM,
    PURE,
    SEVERAL,
    SHAPES,
    TESTS,
    WHOLE,
    WORKSPACE,
    crate,
    enhancements,
    facts,
    for_several_packages,
    with_settings,
)
from verbump import config
from verbump.effects import read_workflows
from verbump.errors import ConfigError
from verbump.planning.workflows import checking, pins, platforms, rendering, requirements
from verbump.planning.workflows import files as planning

if TYPE_CHECKING:
    from collections.abc import Iterator

IS_CI = os.environ.get("CI") == "true"
ROOT = Path(__file__).parent.parent.parent
RELEASE = PurePosixPath(".github/workflows/release.yml")
PUBLIC = {"pypi", "crates", "finish"}
DERIVED = {"homebrew", "conda", "chocolatey", "scoop", "winget", "docker", "docker-tag"}


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[PurePosixPath, str]]:
    """Shape to path to text; all of it on disk below the fixture's folder as well."""
    found = {}
    for name, files in SHAPES.items():
        made = facts(tmp_path_factory.getbasetemp() / "shapes" / name, files)
        wanted, problems = planning.find_files(made)
        assert not [each for each in problems if each.severity == "error"], (name, problems)
        found[name] = {each.path: each.text for each in wanted}
    return found


@pytest.fixture(scope="module")
def on_disk(rendered: dict[str, dict[PurePosixPath, str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rendered")
    for name, texts in rendered.items():
        for path, text in texts.items():
            (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / name / path).write_text(text, encoding="utf-8")
    return folder


def run(*argv: str, cwd: Path) -> str:
    """What a linter says; it has to be here in CI."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    program = shutil.which(argv[0], path=path)
    if program is None:
        if IS_CI:
            pytest.fail(f"{argv[0]} is missing: pip install -e '.[test]'")
        pytest.skip(f"{argv[0]} is not here")
    done = subprocess.run(
        [program, *argv[1:]], cwd=cwd, capture_output=True, text=True, env={**os.environ, "PATH": path}
    )
    assert done.returncode == 0, f"{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout + done.stderr


def workflows(folder: Path) -> list[str]:
    found = sorted(str(path.relative_to(folder)) for path in folder.glob("*/.github/workflows/*.yml"))
    assert len(found) >= len(SHAPES) >= 24
    return found


@pytest.mark.case("S19")
def test_zizmor_finds_nothing(on_disk: Path) -> None:
    said = run("zizmor", "--persona=auditor", "--offline", "--no-progress", *SHAPES, cwd=on_disk)
    assert "No findings to report" in said
    assert said.count("completed") >= len(workflows(on_disk))


def test_actionlint_and_shellcheck_find_nothing(on_disk: Path) -> None:
    """actionlint hands every `run:` block to shellcheck."""
    run("shellcheck", "--version", cwd=on_disk)
    assert run("actionlint", "-shellcheck", "shellcheck", *workflows(on_disk), cwd=on_disk) == ""


def test_actionlint_sees_shell_mistakes(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: rm -r $HOME/$x\n"
    )
    with pytest.raises(AssertionError, match="SC2086"):
        run("actionlint", "-shellcheck", "shellcheck", "a.yml", cwd=tmp_path)


def test_the_schemas_take_them(on_disk: Path) -> None:
    run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows(on_disk), cwd=on_disk)
    bots = sorted(str(path.relative_to(on_disk)) for path in on_disk.glob("*/.github/dependabot.yml"))
    run("check-jsonschema", "--builtin-schema", "vendor.dependabot", *bots, cwd=on_disk)


@pytest.mark.case("S19")
def test_verbumps_own_are_as_clean() -> None:
    said = run("zizmor", "--persona=auditor", "--offline", "--no-progress", ".github", cwd=ROOT)
    assert "No findings to report" in said
    own = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob(".github/workflows/*.yml"))
    assert run("actionlint", "-shellcheck", "shellcheck", *own, cwd=ROOT) == ""
    run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *own, cwd=ROOT)


def releases(rendered: dict[str, dict[PurePosixPath, str]]) -> Iterator[tuple[str, dict[Any, Any]]]:
    for name, texts in rendered.items():
        for path, text in texts.items():
            if path.name in {"release.yml", "publish.yml"}:
                yield name, yaml.safe_load(text)


def needs_of(job: dict[str, Any]) -> list[str]:
    needs = job.get("needs", [])
    return [needs] if isinstance(needs, str) else list(needs)


def ancestors(jobs: dict[str, Any], name: str) -> set[str]:
    found: set[str] = set()
    queue = needs_of(jobs[name])
    while queue:
        each = queue.pop()
        if each not in found:
            found.add(each)
            queue += needs_of(jobs[each])
    return found


def writes(job: dict[str, Any]) -> bool:
    return "write" in job["permissions"].values()


@pytest.mark.case("M20")
def test_nothing_is_public_before_everything_is_built_and_tested(rendered: dict[str, dict[PurePosixPath, str]]) -> None:
    seen = 0
    for name, workflow in releases(rendered):
        jobs = workflow["jobs"]
        makers = set(jobs) - {"plan", "bundle", "draft", "verify"} - PUBLIC - DERIVED
        assert all("finish" in ancestors(jobs, each) for each in DERIVED & set(jobs)), name
        assert makers, name
        assert makers <= ancestors(jobs, "bundle"), name
        for each in (*PUBLIC & set(jobs), "draft"):
            assert {"plan", "bundle"} | makers <= ancestors(jobs, each), (name, each)
        for each in PUBLIC & set(jobs):
            assert "draft" in ancestors(jobs, each), (name, each)
        quiet = {"plan", "bundle", "verify"} & set(jobs) | makers - {"sign-windows"}
        assert all(not writes(jobs[each]) for each in quiet), name
        assert "crates" not in ancestors(jobs, "finish"), name
        if "pypi" in jobs:
            assert "pypi" in ancestors(jobs, "finish"), name
        seen += 1
    assert seen == len(SHAPES)


def matrix_rows(body: dict[str, Any]) -> list[dict[str, str]]:
    matrix = body.get("strategy", {}).get("matrix", {})
    return matrix["include"] if "include" in matrix else [{"target": each} for each in matrix.get("target", ())] or [{}]


def expanded(text: str, row: dict[str, str]) -> str:
    return re.sub(r"\$\{\{ matrix\.(\w+) \}\}", lambda found: row[found[1]], text)


def moved(jobs: dict[str, Any], action: str) -> list[tuple[str, str, dict[str, Any]]]:
    """(job, name or pattern of the artifact, the step's inputs) for every job of every matrix."""
    return [
        (job, expanded(step["with"].get("name") or step["with"]["pattern"], row), step["with"])
        for job, body in jobs.items()
        for row in matrix_rows(body)
        for step in body["steps"]
        if f"actions/{action}@" in step.get("uses", "")
    ]


@pytest.mark.case("M16")
def test_what_is_uploaded_is_what_was_bundled(rendered: dict[str, dict[PurePosixPath, str]]) -> None:
    """Files cross jobs as artifacts: each name is written once, by a job that the reader waits for."""
    for name, workflow in releases(rendered):
        jobs = workflow["jobs"]
        written: dict[str, str] = {}
        for job, artifact, inputs in moved(jobs, "upload-artifact"):
            assert artifact not in written, (name, artifact)
            assert inputs["if-no-files-found"] == "error"
            written[artifact] = job
        for job, wanted, inputs in moved(jobs, "download-artifact"):
            patterns = [f"{each}-*" for each in ("dist", "unsigned")] if wanted.startswith("{") else [wanted]
            makers = {maker for made, maker in written.items() if any(fnmatch.fnmatch(made, each) for each in patterns)}
            assert makers, (name, job, wanted)
            assert makers <= ancestors(jobs, job), (name, job, wanted)
            assert "name" in inputs or not inputs.get("merge-multiple") or job == "docker-tag"
        unbundled = {made for made in written if not made.startswith(("dist-", "unsigned-"))}
        assert all(written[each] in {"bundle", *DERIVED} for each in unbundled), (name, unbundled)
        if "pypi" in jobs:
            assert written["release-pypi"] == written["release-assets"] == "bundle"


@pytest.mark.case("S19", "M14", "M20")
def test_rights_environments_and_limits(rendered: dict[str, dict[PurePosixPath, str]]) -> None:
    rights = {
        "draft": {"contents": "write", "id-token": "write", "attestations": "write"},
        "pypi": {"id-token": "write"},
        "crates": {"contents": "read", "id-token": "write"},
        "finish": {"contents": "write"},
        "sign-macos": {},
        "sign-windows": {"id-token": "write"},
        "docker": {"contents": "read", "packages": "write"},
        "docker-tag": {"packages": "write"},
        "verify": {"contents": "read", "attestations": "read"},
    }
    for name, workflow in releases(rendered):
        assert workflow["permissions"] == {}
        assert workflow["concurrency"]["cancel-in-progress"] is False
        assert workflow["concurrency"]["queue"] == "max"
        assert workflow["env"] == {"ACTIONS_CACHE_MODE": "none"}
        for job, body in workflow["jobs"].items():
            allowed = rights.get(job, {"contents": "read"})
            assert body["permissions"].items() <= allowed.items(), (name, job)
            assert 0 < body["timeout-minutes"] <= 90
            guarded = job in {"draft", *PUBLIC, *DERIVED} or job.startswith("sign-")
            assert ("environment" in body) == guarded, (name, job)
            assert guarded or "secrets." not in str(body), (name, job)
            for step in body["steps"]:
                if "actions/checkout@" in step.get("uses", ""):
                    assert step["with"]["persist-credentials"] is False
                assert "${{" not in step.get("run", ""), (name, job, step)
                assert "cache" not in str(step.get("uses", ""))
        on = workflow[True]  # YAML 1.1 reads `on` so
        assert on["workflow_dispatch"]["inputs"]["version"]["default"] == "dry-run"
        assert on["workflow_dispatch"]["inputs"]["publish"]["default"] is False


@pytest.mark.case("S19", "M13")
def test_every_action_is_in_the_table_and_every_runner_lives(rendered: dict[str, dict[PurePosixPath, str]]) -> None:
    used = set()
    for texts in rendered.values():
        for path, text in texts.items():
            for use in pins.find_uses(text):
                pin = pins.table()[use.action]
                assert (use.ref, use.version) == (pin.sha, pin.version), path
                used.add(use.action)
            for label in re.findall(r"(?:runs-on|runner): ([\w.-]+)$", text, re.MULTILINE):
                assert platforms.runner_ends()[label] == "", label
    assert "PyO3/maturin-action" in used


def test_the_table_of_actions() -> None:
    for name, pin in pins.table().items():
        assert re.fullmatch(r"[\w.-]+/[\w./-]+", name)
        assert re.fullmatch(r"[0-9a-f]{40}", pin.sha)
        assert re.fullmatch(r"v\d+(\.\d+)*", pin.version)
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", pin.date)


def test_the_requirements_hold_what_verbump_needs() -> None:
    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = requirements.render_requirements(
        requirements.Own(name="verbump-release", version="1.0.0", hashes=("a" * 64,))
    )
    locked = dict(re.findall(r"^([\w.-]+)==([^\s\\;]+)", text, re.MULTILINE))
    for each in map(Requirement, [*project["dependencies"], *project["optional-dependencies"]["build"]]):
        assert each.specifier.contains(locked[each.name.lower()]), each
    assert "verbump-release==1.0.0 \\\n    --hash=sha256:" + "a" * 64 in text
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
    assert all("--hash=sha256:" in block for block in blocks)
    assert re.findall(r"^hatchling==", requirements.render_requirements(None), re.MULTILINE)
    assert requirements.find_hashes(text, "verbump-release", "1.0.0") == ("a" * 64,)
    assert requirements.find_hashes(text, "verbump-release", "1.0") == ()


def jobs_of(texts: dict[PurePosixPath, str]) -> dict[str, Any]:
    return dict(yaml.safe_load(texts[RELEASE])["jobs"])


def rows_of(job: dict[str, Any]) -> list[dict[str, str]]:
    return list(job["strategy"]["matrix"]["include"])


@pytest.mark.case("M16", "M17")
def test_one_wheel_serves_every_python(rendered: dict[str, dict[PurePosixPath, str]]) -> None:
    jobs = jobs_of(rendered["abi3"])
    assert {row["interpreters"] for row in rows_of(jobs["wheels"])} == {"3.11"}
    assert [row["target"] for row in rows_of(jobs["wheels"])] == list(platforms.STANDARD)
    assert {row["python"] for row in rows_of(jobs["test"])} == {"3.11", "3.15"}
    assert len(rows_of(jobs_of(rendered["abi3-extended"])["wheels"])) == 13


def test_a_wheel_for_each_python(rendered: dict[str, dict[PurePosixPath, str]]) -> None:
    jobs = jobs_of(rendered["each"])
    assert {row["interpreters"] for row in rows_of(jobs["wheels"])} == {"3.11 3.12 3.13 3.14 3.15"}
    chosen = jobs_of(rendered["each-pythons"])
    assert {row["interpreters"] for row in rows_of(chosen["wheels"])} == {"3.12 3.14", "3.14t"}
    assert {row["python"] for row in rows_of(chosen["test"])} == {"3.12", "3.14", "3.14t"}
    both = jobs_of(rendered["abi3t"])
    assert {row["interpreters"] for row in rows_of(both["wheels"])} == {"3.11", "3.14t", "3.15t"}
    free = jobs_of(rendered["abi3-free-threaded"])
    assert {row["interpreters"] for row in rows_of(free["wheels"])} == {"3.11", "3.14t", "3.15t"}


def test_a_wheel_for_musl_is_tried_where_it_runs(rendered: dict[str, dict[PurePosixPath, str]]) -> None:
    job = jobs_of(rendered["abi3-extended"])["test"]
    musl = {row["artifact"] for row in rows_of(job) if row["musl"]}
    assert musl == {f"dist-wheel-{each}-unknown-linux-musl" for each in ("x86_64", "aarch64")}
    steps = {each["name"]: each for each in job["steps"]}
    assert steps["The same in Alpine"]["if"] == "${{ matrix.musl != '' }}"
    for name in ("Install the wheel, compare its version, import it", "Run the tests"):
        assert steps[name]["if"] == "${{ matrix.musl == '' }}"
        assert steps[name]["run"] in steps["The same in Alpine"]["run"]
    assert "musl" not in str(jobs_of(rendered["abi3"])["test"])


ENHANCEMENTS = {
    "The next version by itself": "release-pr.yml",
    "Notes": "",
    "Docker": "docker",
    "conda": "conda",
    "Homebrew": "homebrew",
    "Chocolatey": "chocolatey",
    "Scoop and winget": "winget",
    "Benchmarks hold a release back": "bench",
    "Known vulnerabilities": "security.yml",
    "Signing for Windows": "sign-windows",
    "Signing and notarization for macOS": "sign-macos",
}


def test_each_enhancement_is_off_and_on_with_what_the_page_shows(
    rendered: dict[str, dict[PurePosixPath, str]], tmp_path: Path
) -> None:
    assert enhancements().keys() == ENHANCEMENTS.keys()
    plain, _ = planning.find_files(facts(tmp_path / "plain", WHOLE))
    without = {each.path: each.text for each in plain}
    for title, name in ENHANCEMENTS.items():
        shown = rendered[f"docs-{re.sub('[^a-z]+', '-', title.lower())}"]
        if name.endswith(".yml"):
            path = PurePosixPath(".github/workflows") / name
            assert (path in shown, path in without) == (True, False), title
        elif name:
            assert (name in jobs_of(shown), name in jobs_of(without)) == (True, False), title
    assert rendered["docs-notes"] == without


def test_only_the_jobs_that_a_project_needs(rendered: dict[str, dict[PurePosixPath, str]]) -> None:
    ends = {"plan", "bundle", "draft", "finish"}
    assert set(jobs_of(rendered["pure"])) == ends | {"sdist", "test", "audit", "pypi", "verify"}
    assert set(jobs_of(rendered["program"])) == ends | {"binaries", "audit", "verify"}
    assert set(jobs_of(rendered["library"])) == ends | {"crates-test", "audit"}
    assert set(jobs_of(rendered["library-crates"])) == ends | {"crates-test", "audit", "crates"}
    assert set(jobs_of(rendered["workspace"])) == ends | {"binaries", "audit", "verify"}
    assert "pypi" not in jobs_of(rendered["each-no-audit"])


def test_an_index_of_ones_own_is_asked_for_what_was_uploaded(rendered: dict[str, dict[PurePosixPath, str]]) -> None:
    for shape, look, page in (
        ("pure", "https://pypi.org/simple", "https://pypi.org/project/My.Quant_x/"),
        ("pure-own-index", "https://pypi.example.invalid/root/+simple", None),
    ):
        jobs = jobs_of(rendered[shape])
        assert jobs["verify"]["steps"][-1]["env"]["INDEX"] == look
        url = jobs["pypi"]["environment"].get("url")
        assert url == (page and f"{page}${{{{ needs.plan.outputs.pep440 }}}}/")
    upload = jobs_of(rendered["pure-own-index"])["pypi"]["steps"][-1]["with"]
    assert upload["repository-url"] == "https://pypi.example.invalid/root/legacy/"


def test_a_hostile_tag_format_stays_text(rendered: dict[str, dict[PurePosixPath, str]]) -> None:
    workflow = yaml.safe_load(rendered["tag-format"][RELEASE])
    assert workflow[True]["push"]["tags"] == ["py/it's-\"$(id)\\![0-9]+.[0-9]+.[0-9]+*\\+"]


def test_commands_are_words(rendered: dict[str, dict[PurePosixPath, str]]) -> None:
    steps = jobs_of(rendered["pure-commands"])["test"]["steps"]
    assert steps[-1]["run"] == (
        "python -m pip install 'pytest>=8; python_version > '\"'\"'3'\"'\"'' 'a b'\n"
        "sh -c 'echo '\"'\"'$HOME'\"'\"' `id` && pytest'\n"
    )


REFUSED = {
    "nothing": ({"README.md": ""}, "nothing-to-build"),
    "project-name": (
        {
            "pyproject.toml": '[project]\nname = "a$(id)"\nversion = "1.0.0"\n[build-system]\nbuild-backend = "hatchling.build"\nrequires = []\n'
        },
        "name-unfit",
    ),
    "crate-name": ({**PROGRAM, "Cargo.toml": '[package]\nname = "a\'; id #"\nversion = "1.0.0"\n'}, "name-unfit"),
    "expression-in-tag": ({**PURE, "verbump.toml": 'tag_format = "${{{version}}}"\n'}, "text-unfit"),
    "expression-in-command": (
        {**PURE, "verbump.toml": '[build]\ntest_command = ["echo", "${{ github.token }}"]\n'},
        "text-unfit",
    ),
    "line-in-command": ({**PURE, "verbump.toml": '[build]\ntest_command = ["echo", "a\\nb"]\n'}, "text-unfit"),
    "two-programs": (
        {**WORKSPACE, "a/src/main.rs": "", "b/Cargo.toml": WORKSPACE["b/Cargo.toml"].replace("bee", "a")},
        "program-double",
    ),
    "no-runner": ({**EACH, "verbump.toml": '[build]\ntargets = ["wasm32-unknown-unknown"]\n'}, "no-runner"),
    "no-python": ({**PURE, "pyproject.toml": PURE["pyproject.toml"].replace(">=3.11", "<3.8")}, "no-python"),
    "packages": (
        {**WORKSPACE, "verbump.toml": '[[packages]]\nname = "a"\npath = "a"\n[[packages]]\nname = "b"\npath = "b"\n'},
        "several-packages",
    ),
    "setuptools-rust": (
        {"pyproject.toml": PURE["pyproject.toml"].replace('"hatchling"', '"setuptools", "setuptools-rust>=1"')},
        "backend-not-covered",
    ),
    "cython": (
        {
            "pyproject.toml": PURE["pyproject.toml"].replace(
                '["hatchling"]', '["setuptools>=80", "Cython>=3; python_version > \'3\'"]'
            )
        },
        "backend-not-covered",
    ),
    "scikit": (
        {
            "pyproject.toml": PURE["pyproject.toml"].replace(
                '"hatchling"', '"pybind11[global]", "scikit_build_core>=0.10"'
            )
        },
        "backend-not-covered",
    ),
    "bench-name": (
        with_settings(
            {
                **LIBRARY,
                "Cargo.toml": crate()
                + '[dev-dependencies]\ncriterion = "0.7"\n[[bench]]\nname = "$(id)"\nharness = false\n',
            },
            "bench = true",
        ),
        "name-unfit",
    ),
    "branch-expression": (
        {**PURE, "verbump.toml": 'release_branches = ["main", "${{ github.token }}"]\n'},
        "text-unfit",
    ),
    "tests-folder": ({**PURE, **TESTS, "verbump.toml": '[build]\ntests = ["${{ x }}"]\n'}, "text-unfit"),
    "manifest": ({"pyproject.toml": '[project\nname = "a"\n'}, "manifest-syntax"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str, tmp_path: Path) -> None:
    files, code = REFUSED[name]
    found, problems = planning.find_files(facts(tmp_path / "work", files))
    assert not found
    assert code in {each.code for each in problems}, problems
    assert code == "manifest-syntax" or all(each.hint for each in problems)


@pytest.mark.parametrize("branch", ['it\'s-"$(id)"-`id`', "a;b&c|d", "ünïcode-😀", "x'y"])
def test_a_hostile_branch_stays_text(branch: str, tmp_path: Path) -> None:
    made = facts(tmp_path / "work", with_settings({**ABI3, **TESTS}, 'files = ["release"]'), branch=branch)
    found, _ = planning.find_files(made)
    for each in found:
        if each.path.suffix == ".yml":
            assert yaml.safe_load(each.text)["jobs"]


def test_a_branch_that_github_would_evaluate_is_refused(tmp_path: Path) -> None:
    made = facts(tmp_path / "work", with_settings(PURE, 'files = ["ci"]'))
    found, problems = planning.find_files(replace(made, default_branch="${{ github.token }}"))
    assert not found
    assert {each.code for each in problems} == {"text-unfit"}


def test_the_repository_s_name_stands_in_no_workflow(tmp_path: Path) -> None:
    """Jobs ask their environment for it, and quote that."""
    plain = facts(tmp_path / "plain", {**PROGRAM, **SHAPES["derived"]})
    facts(tmp_path / "named", {**PROGRAM, **SHAPES["derived"]})
    repo = GitRepo(tmp_path / "named")
    repo.git("remote", "add", "origin", "https://github.com/o$(id)/x`id`'\";${{ secrets.X }}.git")
    named = read_workflows.read_facts(read_workflows.Reading(directory=repo.path))
    texts = [{each.path: each.text for each in planning.find_files(made)[0]} for made in (plain, named)]
    assert texts[0] == texts[1] != {}


@pytest.mark.parametrize(
    "text",
    [
        'release = "../x.yml"',
        'manylinux = "2_28; id"',
        'environments = { pypi = "${{ x }}" }',
        'homebrew_tap = "a b/c"',
        'pythons = ["3.12; id"]',
        'files = ["relase"]',
        "bench_percent = 0",
    ],
)
def test_settings_that_cannot_work(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        facts(tmp_path / "work", with_settings(PURE, text))


@pytest.mark.case("M15")
def test_a_tag_glob_matches_versions_and_nothing_else() -> None:
    assert rendering.tag_glob("v", "") == "v[0-9]+.[0-9]+.[0-9]+*"
    assert rendering.tag_glob("a+b*/", "?") == "a\\+b\\*/[0-9]+.[0-9]+.[0-9]+*\\?"


def test_a_header_tells_edits_from_bumps() -> None:
    pin = pins.table()["actions/checkout"]
    text = rendering.with_header(f"on: push\n# x\n      - uses: {pin.text}\n        with: {{}}\n")
    assert rendering.is_untouched(text)
    assert rendering.is_untouched(text.replace("\n", "\r\n"))
    bumped = text.replace(pin.text, f"actions/checkout@{'b' * 40} # v99.0.0")
    assert rendering.is_untouched(bumped)
    assert pins.with_newer_pins(text, bumped) == bumped
    older = text.replace(pin.text, f"actions/checkout@{'b' * 40} # v1.0.0")
    assert pins.with_newer_pins(text, older) == text
    assert pins.with_newer_pins(text, text.replace(pin.text, "actions/checkout@v99.0.0")) == text
    assert not rendering.is_untouched(text.replace("on: push", "on: [push]"))
    assert not rendering.is_untouched(text.replace("with: {}", "with: {a: b}"))
    assert not rendering.is_untouched(text.partition("\n")[2])


def test_the_page_s_workflow_for_several_packages_is_clean(tmp_path: Path) -> None:
    (tmp_path / ".github/workflows").mkdir(parents=True)
    text = for_several_packages()
    (tmp_path / ".github/workflows/release.yml").write_text(text)
    assert "No findings" in run("zizmor", "--persona=auditor", "--offline", "--no-progress", ".github", cwd=tmp_path)
    assert run("actionlint", "-shellcheck", "shellcheck", ".github/workflows/release.yml", cwd=tmp_path) == ""
    for use in pins.find_uses(text):
        pin = pins.table()[use.action]
        assert (use.ref, use.version) == (pin.sha, pin.version), "docs/workflows.md"
    made = facts(tmp_path / "work", {**SEVERAL, ".github/workflows/release.yml": text})
    found, problems = checking.find_problems(made)
    assert {each.code for each in problems} == {"workflow-missing", "requirement-unhashed"}, problems
    assert PurePosixPath(".github/workflows/preview.yml") in {each.path for each in found}


def test_the_page_names_every_setting_and_finding() -> None:
    page = (ROOT / "docs/workflows.md").read_text(encoding="utf-8")
    missing = {name for name in config.DESCRIPTIONS["WorkflowsConfig"] if f"`{name}" not in page}
    assert not missing
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "verbump/planning/workflows").glob("*.py"))
    codes = {
        each for each in re.findall(r'code="([a-z-]+)"', source) if each.startswith(("action-", "pin-", "requirement-"))
    }
    assert codes
    assert all(f"`{code}`" in page for code in codes), codes
