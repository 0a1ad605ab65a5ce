"""`convention = "commitizen"`: rules of commitizen, of its plugins and of the repository's own settings, held against
commitizen itself; and plugins that are missing, fail, print, exit or would leak.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from support.projects import PYPROJECT, released
from support.running import ROOT, Result, verbump
from verbump.domain import commit_rules, commits
from verbump.domain.bumps import Bump
from verbump.domain.commits import Commit
from verbump.effects import commit_rules as plugin_rules
from verbump.effects import read_config
from verbump.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from support.git_repo import GitRepo

CONVENTION = '\n[tool.verbump]\nconvention = "commitizen"\n'
CUSTOMIZE = r"""
[tool.commitizen]
name = "cz_customize"
major_version_zero = true
[tool.commitizen.customize]
schema = "<KIND> <text>"
schema_pattern = "^(NEW|BUG|BREAK|DOC) .+"
bump_pattern = "^(NEW|BUG|BREAK)"
bump_map = {"BREAK" = "MAJOR", "NEW" = "MINOR", "BUG" = "PATCH"}
commit_parser = "^(?P<change_type>NEW|BUG|BREAK) (?P<message>.*)"
changelog_pattern = "^(NEW|BUG|BREAK)"
change_type_map = {"NEW" = "Features", "BUG" = "Repairs", "BREAK" = "Breaks"}
change_type_order = ["Breaks", "Repairs", "Features"]
"""


def with_rules(tmp_path: Path, settings: str, *messages: str, tag: str = "v1.2.3", version: str = "1.2.3") -> GitRepo:
    files = {"pyproject.toml": PYPROJECT.format(version=version) + CONVENTION + settings}
    files["Cargo.toml"] = f'[package]\nname = "demo"\nversion = "{version}"\n'
    return released(tmp_path, *messages, more=files, tag=tag)


def named(name: str) -> str:
    return f'[tool.commitizen]\nname = "{name}"\n'


def next_of(repo: GitRepo) -> tuple[str, dict[str, str]]:
    """The next version, "" without one; of each commit the category."""
    done = verbump("next", "--format", "json", cwd=repo.path)
    data = done.json
    assert data["problems"] == [], data["problems"]
    return data["next"]["version"] if data["next"] else "", {
        each["header"]: each["category"] for each in data["reasons"]
    }


def test_conventional_commits_as_commitizen_has_them(tmp_path: Path) -> None:
    repo = with_rules(tmp_path, "", "refactor: x", "fix(api): y", "docs: z", "Fix: upper case is none")
    assert next_of(repo) == ("1.2.4", {"refactor: x": "Refactor", "fix(api): y": "Fix"})
    assert "### Fix\n\n- **api:** Y (" in verbump("changelog", cwd=repo.path).stdout
    repo.commit("chore!: away")
    assert next_of(repo)[0] == "2.0.0"
    assert "### BREAKING CHANGE\n\n- **Breaking:** Away (" in verbump("changelog", cwd=repo.path).stdout


def test_gitmoji_from_pypi(tmp_path: Path) -> None:
    repo = with_rules(tmp_path, named("cz_gitmoji"), "✨ feat(api): streams", "🐛 fix: leak", "no emoji and no type")
    assert next_of(repo) == ("1.3.0", {"✨ feat(api): streams": "✨ Features", "🐛 fix: leak": "🐛🚑️ Fixes"})
    text = verbump("changelog", cwd=repo.path).stdout
    assert "### ✨ Features\n\n- **api:** Streams (" in text
    check = verbump("check", cwd=repo.path)
    assert check.code == 1
    assert "no emoji and no type" in check.stdout
    assert "does not follow cz_gitmoji: expected <gitmoji><type>(<scope>): <subject>" in check.stdout
    done = verbump("release", "--yes", cwd=repo.path)
    assert done.code == 0, done.stderr
    assert "### ✨ Features" in repo.read("CHANGELOG.md").decode()


def test_conventional_plus_from_pypi(tmp_path: Path) -> None:
    repo = with_rules(tmp_path, named("cz_conventional_plus"), "feat: x", "revert: y")
    assert next_of(repo)[0] == "1.3.0"
    assert verbump("check", "--message", "revert: y", cwd=repo.path).code == 0
    assert verbump("check", "--message", "nothing: y", cwd=repo.path).code == 1


def test_rules_without_a_schema_to_show(tmp_path: Path) -> None:
    repo = with_rules(tmp_path, CUSTOMIZE.replace('schema = "<KIND> <text>"\n', ""), "feat: not theirs")
    said = verbump("check", cwd=repo.path).stdout
    assert "does not follow cz_customize: expected what its schema_pattern takes [not-conventional]" in said


def test_customize(tmp_path: Path) -> None:
    messages = ("NEW wings", "BUG squeaks", "DOC words", "feat: not theirs")
    repo = with_rules(tmp_path, CUSTOMIZE, *messages, tag="v0.4.0", version="0.4.0")
    assert next_of(repo) == ("0.5.0", {"NEW wings": "Features", "BUG squeaks": "Repairs"})
    text = verbump("changelog", cwd=repo.path).stdout
    assert text.index("### Repairs\n\n- Squeaks (") < text.index("### Features\n\n- Wings (")
    explained = verbump("next", "--explain", cwd=repo.path).stdout
    assert "cz_customize: NEW" in explained
    assert "not conventional: does not follow cz_customize" in explained
    repo.commit("BREAK all")
    # commitizen makes the zero-version map of the given one: a break is minor below 1.0.0.
    assert next_of(repo)[0] == "0.5.0"
    assert "### Breaks\n\n- **Breaking:** All (" in verbump("changelog", cwd=repo.path).stdout
    repo.write("pyproject.toml", repo.read("pyproject.toml").replace(b"major_version_zero = true\n", b""))
    assert next_of(repo)[0] == "1.0.0"


def test_jira_knows_no_versions_but_checks(tmp_path: Path) -> None:
    repo = with_rules(tmp_path, named("cz_jira"), "JRA-34 #comment corrected indent")
    done = verbump("next", cwd=repo.path)
    assert (done.code, done.stdout) == (2, "")
    assert "tool.commitizen.name: cz_jira has no bump_pattern and bump_map" in done.stderr
    assert verbump("next", "--exact", "1.3.0", cwd=repo.path).stdout == "1.3.0\n"
    assert verbump("check", cwd=repo.path).code == 0
    assert verbump("check", "--message", "feat: x", cwd=repo.path).code == 1


# Held against commitizen -------------------------------------------------------------------------------------------

SCRIPT = """
import json, sys
from commitizen.config.base_config import BaseConfig
from commitizen.factory import committer_factory
from commitizen.version_increment import VersionIncrement
settings, messages = json.loads(sys.stdin.read())
config = BaseConfig()
config.settings.update(settings)
cz = committer_factory(config)
maps = cz.bump_map, cz.bump_map_major_version_zero
found = [[VersionIncrement.from_message(m, cz.bump_pattern, each).name for m in messages] for each in maps]
print(json.dumps(found))
"""
HEADERS = [
    f"{lead}{kind}{scope}{bang}{colon}x"
    for lead, kind, scope, bang, colon in itertools.product(
        ("", "✨ ", "🐛"),
        ("feat", "fix", "Fix", "perf", "refactor", "docs", "my-type", "feature", "bump", "NEW", "BREAKING CHANGE"),
        ("", "(api)", "(a b)", "()"),
        ("", "!"),
        (": ", ":"),
    )
]
BODIES = [
    "fix: x\n\nfeat: in the body",
    "fix: x\n\nBREAKING CHANGE: y",
    "fix: x\n\nBREAKING-CHANGE: y",
    "docs: x\n\nRefs: #1\nBREAKING CHANGE: y",
    "fix: x\n\nBREAKING CHANGE #y",
    "docs: x\r\n\r\nword!: y",
    "Merge branch 'x'\n\nfeat: y",
    'Revert "feat: x"\n\nThis reverts commit abc.',
    "NEW x\nBREAK y",
    "",
    "\n\nfix: late",
    ":bug: fix: x",
]


@pytest.mark.parametrize("name", ["cz_conventional_commits", "cz_gitmoji", "cz_conventional_plus", "verbump"])
def test_every_message_goes_as_far_as_in_commitizen(tmp_path: Path, name: str) -> None:
    (tmp_path / "pyproject.toml").write_text(named(name))
    rules = plugin_rules.read(tmp_path, must_bump=True)
    messages = HEADERS + BODIES
    asked = json.dumps([{"name": name}, messages]).encode()
    done = subprocess.run(
        [sys.executable, "-P", "-c", SCRIPT], input=asked, capture_output=True, check=True, cwd=tmp_path
    )
    theirs, theirs_zero = json.loads(done.stdout)
    assert [bump_of(rules, message, 1) for message in messages] == theirs
    zero = commit_rules.CommitRules(**{**fields_of(rules), "is_zero": True})
    assert [bump_of(zero, message, 0) for message in messages] == theirs_zero
    assert {"MAJOR", "MINOR", "PATCH", "NONE"} <= set(theirs)


def fields_of(rules: commit_rules.CommitRules) -> dict[str, Any]:
    return {name: getattr(rules, name) for name in rules.__dataclass_fields__}


def bump_of(rules: commit_rules.CommitRules, message: str, major: int) -> str:
    commit = Commit(sha="a" * 40, parents=(), message=message)
    judged = commit_rules.convention(rules, major=major).judge(commit, commits.parse(message))
    return max((each.verdict.bump for each in judged), default=Bump.NONE).name if isinstance(judged, tuple) else "NONE"


def test_next_agrees_with_cz_bump(tmp_path: Path) -> None:
    settings = '[tool.commitizen]\nversion = "1.2.3"\ntag_format = "v$version"\n'
    repo = with_rules(tmp_path, settings, "docs: x", "refactor(core): y", "fix: z\n\nfeat: a body line counts there")
    cz = [sys.executable, "-P", "-m", "commitizen.cli", "bump", "--get-next", "--yes"]
    done = subprocess.run(cz, cwd=repo.path, capture_output=True, check=True)
    assert done.stdout.decode().strip() == verbump("next", cwd=repo.path).stdout.strip() == "1.3.0"


# Plugins that fail, and hostile repositories -----------------------------------------------------------------------

PLUGIN = """\
{before}
from commitizen.cz.base import BaseCommitizen

class Rules(BaseCommitizen):
    bump_pattern = "^(new|bug)"
    bump_map = {{"new": "MINOR", "bug": "PATCH"}}
    commit_parser = "(?P<change_type>new|bug) (?P<message>.*)"
    def questions(self): return []
    def message(self, answers): return ""
    def example(self): return ""
    def schema(self): return "new|bug text"
    def schema_pattern(self): return "(new|bug) .*"
    def info(self): return ""
    {inside}
"""


def installed(tmp_path: Path, code: str) -> dict[str, str]:
    """The environment of verbump with one more plugin installed beside it: `broken`, of the package broken-rules."""
    folder = tmp_path / "more" / "site-packages"
    meta = folder / "broken_rules-1.0.dist-info"
    meta.mkdir(parents=True)
    (folder / "broken_rules.py").write_text(code)
    (meta / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-rules\nVersion: 1.0\n")
    (meta / "entry_points.txt").write_text("[commitizen.plugin]\nbroken = broken_rules:Rules\n")
    return {"PYTHONPATH": os.pathsep.join([str(ROOT), str(folder)])}


def run_plugin(tmp_path: Path, code: str, *words: str, **environment: str) -> Result:
    repo = with_rules(tmp_path, named("broken"), "new wings")
    return verbump(*(words or ("next",)), cwd=repo.path, env={**installed(tmp_path, code), **environment})


def test_an_installed_plugin_works_whatever_it_prints(tmp_path: Path) -> None:
    code = PLUGIN.format(before='import os\nprint("noise"); os.write(1, b"{}")', inside="")
    done = run_plugin(tmp_path, code)
    assert (done.code, done.stdout, done.stderr) == (0, "1.3.0\n", "")


FAILING = [
    pytest.param("def broken(:\n", "broken-rules: SyntaxError: ", id="syntax"),
    pytest.param("import nothing_of_this_name", "broken-rules: ModuleNotFoundError: No module named", id="import"),
    pytest.param("raise SystemExit('configure me')", "broken-rules: SystemExit: configure me", id="exits"),
    pytest.param("import os; os._exit(0)", "ended its process", id="ends-the-process"),
    pytest.param("Rules = None", "broken-rules: TypeError: ", id="no-class"),
    pytest.param("", "broken-rules: AttributeError: ", id="no-attribute"),
    pytest.param(
        PLUGIN.format(before="", inside="bump_map = {'new': 'HUGE'}"),
        "bump_map: new: expected PATCH, MINOR or MAJOR, got 'HUGE'",
        id="unknown-bump",
    ),
    pytest.param(
        PLUGIN.format(before="", inside="bump_pattern = '^('"),
        "bump_pattern: '^(' is no regular expression",
        id="regex",
    ),
    pytest.param(
        PLUGIN.format(before="", inside="bump_pattern = 'new'"), "bump_pattern: expected a group", id="no-group"
    ),
    pytest.param(
        PLUGIN.format(before="", inside="def schema_pattern(self): return 1 / 0"),
        "schema_pattern: ZeroDivisionError",
        id="raises",
    ),
    pytest.param(
        PLUGIN.format(before="", inside="def schema_pattern(self): return ['x']"),
        "schema_pattern: expected a text, got list",
        id="no-text",
    ),
]


@pytest.mark.parametrize(("code", "said"), FAILING)
def test_a_plugin_that_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, said: str) -> None:
    (tmp_path / "pyproject.toml").write_text(named("broken"))
    monkeypatch.syspath_prepend(installed(tmp_path, code)["PYTHONPATH"].split(os.pathsep)[-1])
    with pytest.raises(ConfigError) as caught:
        plugin_rules.read(tmp_path, must_bump=True)
    assert caught.value.message.startswith("pyproject.toml: tool.commitizen.name: broken cannot be used: ")
    assert said in caught.value.message
    assert caught.value.hint == "install another version of that package, or name other rules"


def test_what_a_person_sees_of_a_plugin_that_fails(tmp_path: Path) -> None:
    done = run_plugin(tmp_path, "raise SystemExit('configure me')")
    assert (done.code, done.stdout) == (2, "")
    said = "error: pyproject.toml: tool.commitizen.name: broken cannot be used: broken-rules: SystemExit: configure me"
    assert said in done.stderr


def test_a_broken_plugin_is_nothing_to_those_who_do_not_name_it(tmp_path: Path) -> None:
    repo = with_rules(tmp_path, named("cz_gitmoji"), "✨ feat: x")
    done = verbump("next", cwd=repo.path, env=installed(tmp_path, "raise SystemExit(3)"))
    assert (done.code, done.stdout, done.stderr) == (0, "1.3.0\n", "")


def test_a_plugin_that_validates_by_itself(tmp_path: Path) -> None:
    validate = (
        "def validate_commit_message(self, *, commit_msg, **rest):\n"
        "        from commitizen.cz.base import ValidationResult\n"
        "        return ValidationResult(commit_msg.islower(), ['write in lower case'])"
    )
    code = PLUGIN.format(before="", inside=validate)
    repo = with_rules(tmp_path, named("broken"), "new wings", "new Wings")
    done = verbump("check", cwd=repo.path, env=installed(tmp_path, code))
    assert done.code == 1
    assert "does not follow broken: write in lower case [not-conventional]" in done.stdout
    assert done.stdout.count("not-conventional") == 1


def test_scopes_and_length_are_checked_beside_a_plugin(tmp_path: Path) -> None:
    check = '[tool.verbump.check]\nscopes = ["api", "cli"]\nheader_length = 20\n'
    messages = ("feat(api): x", "docs(ui): x", "feat: 1234567890abcdef", "wibble(ui): 1234567890")
    done = verbump("check", "--format", "json", cwd=with_rules(tmp_path, check, *messages).path)
    found = [(each["header"], each["code"], each["column"], each["length"]) for each in done.json["findings"]]
    assert found == [
        ("wibble(ui): 1234567890", "not-conventional", 1, 22),
        ("feat: 1234567890abcdef", "header-too-long", 21, 2),
        ("docs(ui): x", "scope-not-allowed", 6, 2),
    ]
    assert done.code == 1


def test_types_are_left_to_a_plugin(tmp_path: Path) -> None:
    repo = with_rules(tmp_path, named("cz_jira"))
    done = verbump("check", "--strict", "--message", "JRA-34 #comment x", cwd=repo.path)
    assert (done.code, done.stdout) == (2, "")
    assert '--strict: which types there are is said by cz_jira under convention = "commitizen"' in done.stderr


def test_a_plugin_sees_no_token(tmp_path: Path) -> None:
    code = PLUGIN.format(before="import os", inside="schema = lambda self: os.environ.get('GITHUB_TOKEN', 'no token')")
    done = run_plugin(tmp_path, code, "check", "--message", "x", GITHUB_TOKEN="ghp_secret")
    assert "expected no token" in done.stdout


def test_rules_that_are_not_installed(tmp_path: Path) -> None:
    done = verbump("next", cwd=with_rules(tmp_path, named("cz_nowhere"), "feat: x").path)
    assert (done.code, done.stdout) == (2, "")
    assert "tool.commitizen.name: no rules of the name 'cz_nowhere' are installed beside verbump" in done.stderr
    assert "cz_conventional_commits" in done.stderr
    assert "-m pip install" in done.stderr


def test_files_of_the_repository_are_never_run(tmp_path: Path) -> None:
    """P9: commitizen itself would import `cz_*.py` from the current folder."""
    marker = tmp_path / "ran"
    evil = f"open({str(marker)!r}, 'w').write('x')\n"
    names = ("cz_evil.py", "commitizen.py", "sitecustomize.py", "usercustomize.py", "site-packages/cz_more.py")
    repo = with_rules(tmp_path, named("cz_evil"), "feat: x")
    for name in names:
        repo.write(name, evil)
    env = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(repo.path / "src")])}
    assert verbump("next", cwd=repo.path, env=env).code == 2
    repo.write("pyproject.toml", PYPROJECT.format(version="1.2.3") + CONVENTION)
    assert verbump("next", cwd=repo.path, env=env).stdout == "1.3.0\n"
    assert not marker.exists()


def test_customize_without_its_table(tmp_path: Path) -> None:
    done = verbump("next", cwd=with_rules(tmp_path, named("cz_customize"), "feat: x").path)
    assert done.code == 2
    assert "customize is not set" in done.stderr
    assert "hint: mend pyproject.toml: tool.commitizen.customize" in done.stderr


# Settings ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (".cz.toml", '[tool.commitizen]\nname = "cz_gitmoji"\n'),
        ("cz.toml", '[tool.commitizen]\nname = "cz_gitmoji"\n'),
        (".cz.json", '{"commitizen": {"name": "cz_gitmoji"}}'),
        ("cz.json", '{"commitizen": {"name": "cz_gitmoji"}}'),
        (".cz.yaml", "commitizen:\n  name: cz_gitmoji\n"),
        ("cz.yaml", "commitizen:\n  name: cz_gitmoji\n"),
    ],
)
def test_every_file_of_commitizen(tmp_path: Path, file: str, text: str) -> None:
    from verbump.effects import commitizen_settings

    (tmp_path / "pyproject.toml").write_text(named("cz_jira"))
    (tmp_path / file).write_text(text)
    found = commitizen_settings.read(tmp_path)
    assert found is not None
    assert (found.file, found.table) == (file, {"name": "cz_gitmoji"})


def test_settings_that_cannot_be_read_or_used(tmp_path: Path) -> None:
    for file, text, said in (
        (".cz.toml", "[tool.commitizen]\nname = \n", ".cz.toml:2: not valid TOML"),
        ("cz.json", '{"commitizen": ', "cz.json:1: "),
        ("cz.yaml", "commitizen: [\n", "cz.yaml:2: "),
        ("cz.yaml", "commitizen: 3\n", "cz.yaml: commitizen: expected a table"),
        ("cz.toml", "[tool.commitizen]\ntag_format = 3\n", "cz.toml: tool.commitizen.tag_format: expected a text"),
        ("cz.toml", '[tool.commitizen]\ntag_format = "v$major"\n', "cz.toml: tool.commitizen.tag_format 'v$major'"),
        ("cz.toml", '[tool.commitizen]\nmajor_version_zero = "yes"\n', "major_version_zero: expected true or false"),
        ("cz.toml", "[tool.commitizen]\nchange_type_map = {feat = 3}\n", "change_type_map: expected a table of texts"),
        ("cz.toml", '[tool.commitizen]\nchange_type_order = "x"\n', "change_type_order: expected a list of texts"),
    ):
        (tmp_path / file).write_text(text)
        with pytest.raises(ConfigError) as caught:
            read_config.read(tmp_path)
        assert said in caught.value.message
        (tmp_path / file).unlink()


def test_plain_settings_under_the_default_convention(tmp_path: Path) -> None:
    settings = (
        '[tool.commitizen]\nname = "cz_gitmoji"\ntag_format = "py-$major.$minor.$patch$prerelease"\n'
        "major_version_zero = false\nchange_type_order = ['Repairs', 'Features']\n"
        "[tool.commitizen.change_type_map]\nfeat = 'Features'\nfix = 'Repairs'\ndocs = 'Words'\n"
    )
    files = {"pyproject.toml": PYPROJECT.format(version="0.3.0") + settings, "Cargo.toml": '[package]\nname = "x"\n'}
    repo = released(tmp_path, "feat: x", "fix: y", "docs: z", more=files, tag="py-0.3.0")
    text = verbump("changelog", cwd=repo.path).stdout
    heads = [line for line in text.split("\n") if line.startswith("#")]
    assert heads == ["## [0.4.0] - 2026-11-23", "### Repairs", "### Features", "### Words"]
    repo.commit("feat!: z")
    assert verbump("next", cwd=repo.path).stdout == "1.0.0\n"
    repo.write("verbump.toml", 'zero_version = "minor"\ncategories = ["Words"]\ntypes.feat = {bump = "patch"}\n')
    assert verbump("next", cwd=repo.path).stdout == "0.4.0\n"
    heads = [line for line in verbump("changelog", cwd=repo.path).stdout.split("\n") if line.startswith("### ")]
    assert heads == ["### Words", "### Repairs", "### Changed"]
