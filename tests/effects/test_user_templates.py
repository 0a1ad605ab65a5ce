"""A user's templates: what they may do, and every way in which one loops, leaks, allocates, raises or is not there."""

from __future__ import annotations

import time
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest

from support.git_repo import GitRepo
from support.projects import released, remote_refs
from support.running import ROOT, verbump
from verbump.domain.releases import Entry, Release
from verbump.effects.user_templates import Limits, UserTemplates, read_templates
from verbump.errors import ConfigError, Refused
from verbump.planning import section, section_lines, templates

if TYPE_CHECKING:
    from pathlib import Path

SETTING = '[tool.verbump]\ntemplate = "templates"\n'
QUICK = Limits(cpu_seconds=0.3)


def rendered(text: str, data: dict[str, Any] | None = None, *, limits: Limits = QUICK, **more: str) -> str:
    texts = {"changelog.md.j2": text, **more}
    user = UserTemplates(folder=PurePosixPath("t"), texts=texts, limits=limits)
    return user.render("changelog.md.j2", [data or {"name": "x", "parts": [{"title": "Added"}]}])[0]


def refused(text: str, data: dict[str, Any] | None = None, *, limits: Limits = QUICK, **more: str) -> str:
    with pytest.raises(Refused) as caught:
        rendered(text, data, limits=limits, **more)
    (problem,) = caught.value.problems
    assert problem.hint
    return f"{problem.message} [{problem.code}]"


# A trap each, on the second line: the template, and what is said of it.
TRAPS = [
    pytest.param("{{ nmae }}", "t/changelog.md.j2:2: 'nmae' is undefined [template-undefined]", id="undefined"),
    pytest.param("{{ parts[0].tilte }}", "2: 'dict object' has no attribute 'tilte' [template-undefined]", id="key"),
    pytest.param("{% for x in %}", "t/changelog.md.j2:2: not a template: ", id="syntax"),
    pytest.param("{{ name|nofilter }}", "2: not a template: No filter named 'nofilter'", id="no-filter"),
    pytest.param("{{ 1 / 0 }}", "2: cannot be rendered: ZeroDivisionError: division by zero", id="raises"),
    pytest.param("{{ name.__class__ }}", "2: not allowed in the sandbox: ", id="class"),
    pytest.param("{{ ''.__class__.__mro__[1].__subclasses__() }}", "[template-unsafe]", id="subclasses"),
    pytest.param("{{ name|attr('__class__') }}", "[template-unsafe]", id="attr-filter"),
    pytest.param("{{ '{0.__class__}'.format(name) }}", "[template-unsafe]", id="format"),
    pytest.param("{{ lipsum.__globals__ }}", "[template-unsafe]", id="globals"),
    pytest.param("{{ self.__init__.__globals__ }}", "[template-unsafe]", id="self"),
    pytest.param("{{ parts.append(1) }}", "[template-unsafe]", id="changes-data"),
    pytest.param("{% include '../secret.md' %}", "2: '../secret.md' is no template of the folder", id="include-above"),
    pytest.param("{% include '/etc/passwd' %}", "2: '/etc/passwd' is no template of the folder", id="include-absolute"),
    pytest.param("{{ 'a' * 10**9 }}", "2: makes a value that is too large [template-limit]", id="repeats"),
    pytest.param("{{ [0] * 10**9 }}", "2: makes a value that is too large [template-limit]", id="list"),
    pytest.param("{{ 10**(10**10) }}", "2: makes a value that is too large [template-limit]", id="power"),
    pytest.param("{{ 'x'|center(10**10) }}", "2: makes a value that is too large [template-limit]", id="center"),
    pytest.param("{% for i in range(10**12) %}x{% endfor %}", "2: makes a value that is too large", id="range"),
    pytest.param("{% include 'changelog.md.j2' %}", "calls or includes itself without an end", id="includes-itself"),
    pytest.param("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "calls or includes itself", id="recursion"),
]


@pytest.mark.case("S12")
@pytest.mark.parametrize(("text", "said"), TRAPS)
def test_trap(text: str, said: str) -> None:
    assert said in refused(f"first line\n{text}\n", included="changelog.md.j2")


@pytest.mark.case("S12")
def test_infinite_loop_is_ended_with_its_line() -> None:
    loops = "\n".join(f"{'{%'} for {name} in range(99999) {'%}'}" for name in "abcd")
    text = f"{loops}{{% set x = a %}}{'{% endfor %}' * 4}"
    begun = time.monotonic()
    assert "takes more than 0.3 seconds [template-limit]" in (said := refused(text))
    assert said.startswith("t/changelog.md.j2:4: ")
    assert time.monotonic() - begun < 20


def test_a_text_too_long_is_ended() -> None:
    limits = Limits(output_characters=100_000)
    said = refused("{% for i in range(99999) %}0123456789{% endfor %}", limits=limits)
    assert said == "t/changelog.md.j2: the text gets too long [template-limit]"


@pytest.mark.case("S12")
def test_doubling_allocates_no_more_than_the_limit() -> None:
    # Beyond what products show: each step doubles a text (2^40 characters in the end).
    text = (
        "{% set n = namespace(t='ab') %}\n{% for i in range(40) %}{% set n.t = n.t ~ n.t %}{% endfor %}{{ n.t|length }}"
    )
    assert "t/changelog.md.j2:2: makes a value that is too large" in refused(
        text, limits=Limits(memory_bytes=256 << 20)
    )


@pytest.mark.case("S12")
def test_the_environment_and_files_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even outside of the sandbox: what the process holds is the request."""
    import json
    import subprocess

    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    seen: dict[str, Any] = {}
    real = subprocess.run

    def run(argv: list[str], **options: Any) -> Any:
        seen.update(options)
        return real(argv, **options)

    monkeypatch.setattr(subprocess, "run", run)
    assert rendered("{{ name }}") == "x"
    assert not [name for name in seen["env"] if name != "SYSTEMROOT"]
    assert b"secret" not in seen["input"]
    assert set(json.loads(seen["input"])["items"][0]) == {"name", "parts"}


def test_what_a_template_may_do() -> None:
    text = '{% extends "verbump/notes.md.j2" %}'
    assert rendered(text, {"body": "whole"}) == "whole\n"
    assert rendered('{% include "part" %}', {"x": "{{ 7*7 }}<"}, part="{{ x|upper }}") == "{{ 7*7 }}<"
    assert rendered("{% for p in parts %}{{ p.title|replace('A', 'a') }}{% endfor %}") == "added"


def test_each_item_is_rendered() -> None:
    user = UserTemplates(folder=PurePosixPath("t"), texts={"notes.md.j2": "{{ n }}"})
    assert user.render("notes.md.j2", [{"n": each} for each in range(300)]) == [str(each) for each in range(300)]
    assert templates.render_each("notes.md.j2", [{"body": "own"}], None) == ["own\n"]


def repo_with(tmp_path: Path, more: dict[str, str | bytes], *messages: str) -> GitRepo:
    return released(tmp_path, *(messages or ("feat: streams",)), more={"verbump.toml": 'template = "t"\n', **more})


SECTION = """\
{{ mark }} {{ title }} - {{ date }}
{% for part in parts %}

{{ mark }}# {{ part.title }}

{% for line in part.lines %}
{{ line }}
{% endfor %}
{% for entry in part.entries %}
* {{ entry.description }} -- {{ entry.references|join(" ") }}
{% endfor %}
{% endfor %}
"""


def test_changelog_notes_and_release_with_templates(tmp_path: Path) -> None:
    notes = "# {{ tag }} after {{ previous_tag }} ({{ version }}, {{ date }})\n\n{{ body }}\n"
    repo = repo_with(tmp_path, {"t/changelog.md.j2": SECTION, "t/notes.md.j2": notes})
    short = repo.head()[:7]
    section = f"## [1.3.0] - 2026-11-23\n\n### Added\n\n* Streams -- {short}\n"
    assert verbump("changelog", cwd=repo.path).stdout == section
    body = section.split("\n", 2)[2]
    assert verbump("notes", cwd=repo.path).stdout == f"# v1.3.0 after v1.2.3 (1.3.0, 2026-11-23)\n\n{body}"
    released_notes = verbump("notes", "1.2.3", cwd=repo.path).stdout
    assert released_notes == "# v1.2.3 after  (1.2.3, 2026-01-01)\n\n### Fixed\n\n- Something.\n"

    assert verbump("changelog", "--write", cwd=repo.path).code == 0
    assert f"## [Unreleased]\n\n### Added\n\n* Streams -- {short}\n\n## [1.2.3]" in repo.read("CHANGELOG.md").decode()
    repo.commit("docs: the changelog", {"CHANGELOG.md": repo.read("CHANGELOG.md")})
    done = verbump("release", "--yes", cwd=repo.path)
    assert done.code == 0, done.stderr
    text = repo.read("CHANGELOG.md").decode()
    assert f"## [Unreleased]\n\n{section}\n## [1.2.3]" in text
    assert text.count("Streams") == 1
    assert verbump("changelog", "--check", cwd=repo.path).code == 0
    assert "refs/tags/v1.3.0" in remote_refs(tmp_path)


def test_the_whole_changelog_with_a_template(tmp_path: Path) -> None:
    repo = repo_with(tmp_path, {"t/changelog.md.j2": SECTION})
    text = verbump("changelog", "--all", cwd=repo.path).stdout
    assert text.startswith("# Changelog\n")
    first = repo.git("rev-list", "--max-parents=0", "HEAD")[:7]
    assert f"\n### Added\n\n* Begin -- {first}\n" in text


@pytest.mark.parametrize("words", [("release", "--dry-run"), ("release", "--yes"), ("changelog",), ("notes",)])
def test_a_template_with_a_fault_is_refused_with_its_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    repo = repo_with(tmp_path, {"t/changelog.md.j2": "## {{ title }}\n{{ nmae }}\n"})
    before = repo.snapshot(), remote_refs(tmp_path)
    done = verbump(*words, cwd=repo.path)
    assert done.code == 4
    assert "error: t/changelog.md.j2:2: 'nmae' is undefined [template-undefined]" in done.stderr
    assert "hint: the template is given date, intro, mark, parts, previous_tag, tag, title, version" in done.stderr
    assert (repo.snapshot(), remote_refs(tmp_path)) == before
    assert verbump("next", cwd=repo.path).stdout == "1.3.0\n"


def test_a_section_without_its_heading_is_refused(tmp_path: Path) -> None:
    repo = repo_with(tmp_path, {"t/changelog.md.j2": "no heading\n"})
    done = verbump("release", "--dry-run", cwd=repo.path)
    assert (done.code, "let the template begin with `## [1.3.0] - YYYY-MM-DD`" in done.stderr) == (4, True)


def test_entries_that_would_be_told_twice_are_refused(tmp_path: Path) -> None:
    template = "{{ mark }} {{ title }} - {{ date }}\n\n{{ mark }}# Added\n\n- Many things.\n"
    repo = repo_with(tmp_path, {"t/changelog.md.j2": template})
    done = verbump("changelog", "--write", cwd=repo.path)
    assert (done.code, "[template-without-entries]" in done.stderr) == (4, True)
    assert repo.git("status", "--porcelain") == ""


def test_hand_written_lines_that_a_template_leaves_out_are_missed(tmp_path: Path) -> None:
    hand = "# Changelog\n\n## [Unreleased]\n\n### Fixed\n\n- By hand.\n\n## [1.2.3] - 2026-01-01\n\n- x\n"
    template = SECTION.replace("{{ line }}", "")
    repo = repo_with(tmp_path, {"t/changelog.md.j2": template, "CHANGELOG.md": hand})
    done = verbump("release", "--dry-run", cwd=repo.path)
    assert (done.code, "[changelog-lines-lost]" in done.stderr) == (4, True)


def test_folders_that_are_not_there(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: x", {"empty/README.md": "x"})
    repo.write("untracked/changelog.md.j2", "x")
    for folder, said, hint in (
        ("none", "template: none: no such folder", "make none/changelog.md.j2"),
        ("empty", "template: empty holds no changelog.md.j2 or notes.md.j2", "make empty/changelog.md.j2"),
        ("untracked", "untracked/changelog.md.j2 is not tracked by git", "git add untracked/changelog.md.j2"),
    ):
        with pytest.raises(ConfigError) as caught:
            read_templates(repo.path, folder)
        assert said in caught.value.message
        assert hint in caught.value.hint
    for folder in ("../work", "/etc", ".git"):
        repo.write("verbump.toml", f'template = "{folder}"\n')
        done = verbump("next", cwd=repo.path)
        assert done.code in {2, 4}, folder
        assert "inside" in done.stderr


@pytest.mark.case("S12")
@pytest.mark.parametrize("link", ["t/changelog.md.j2", "t/part.md.j2", "t"])
def test_links_are_not_followed(tmp_path: Path, link: str) -> None:
    """A link to /proc/self/environ would print the token into the notes."""
    repo = GitRepo.create(tmp_path / "work")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "changelog.md.j2").write_text("secret")
    repo.write("verbump.toml", 'template = "t"\n')
    if link != "t":
        repo.write("t/notes.md.j2", "{{ body }}")
        repo.write("t/changelog.md.j2", '{% include "part.md.j2" %}')
    (repo.path / link).unlink(missing_ok=True)
    (repo.path / link).symlink_to(outside if link == "t" else outside / "changelog.md.j2")
    repo.git("add", "--all")
    repo.commit("feat: x")
    done = verbump("changelog", cwd=repo.path)
    assert (done.code, done.stdout) == (4, "")
    assert "[template-unsafe]" in done.stderr
    assert "symbolic link" in done.stderr


def test_templates_too_many_too_large_or_not_text(tmp_path: Path) -> None:
    repo = GitRepo.create(tmp_path / "work")
    repo.commit("feat: x", {"t/changelog.md.j2": "x" * (1 << 20) + "y", "t/notes.md.j2": b"\xff"})
    with pytest.raises(Refused) as caught:
        read_templates(repo.path, "t")
    assert {problem.code for problem in caught.value.problems} == {"template-limit", "not-utf-8"}
    repo.commit("feat: y", {f"many/{each}.j2": "" for each in range(101)})
    with pytest.raises(ConfigError, match="101 templates"):
        read_templates(repo.path, "many")
    repo.commit("feat: z", {"bom/notes.md.j2": "\ufeff{{ body }}"})
    assert read_templates(repo.path, "bom").texts == {"notes.md.j2": "{{ body }}"}


def test_the_page_on_templates(tmp_path: Path) -> None:
    """Its example works, and its tables name what a template is given."""
    page = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
    example = page.split("```jinja\n")[1].split("```")[0]
    repo = repo_with(tmp_path, {"t/changelog.md.j2": example}, "feat(api)!: streams (#7)")
    short = repo.head()[:7]
    text = verbump("changelog", cwd=repo.path).stdout
    assert text == f"## [2.0.0] - 2026-11-23\n\n### Added\n\n- **Breaking:** Streams (#7, {short})\n"
    release = Release(version="1.0.0", tag="v1.0.0", date="2026-01-01")
    entry = Entry(category="Added", description="x", sha="a" * 40)
    for name in (*section.template_data(release, None, None), *section_lines.entry_data(entry, None)):
        assert f"`{name}`" in page, name
    assert f"more than {Limits().cpu_seconds:g}\nseconds" in page
    assert f"{Limits().memory_bytes >> 20} MiB" in page
    assert f"{Limits().output_characters // 1_000_000} million characters" in page
