"""The whole changelog by the short way is, byte by byte, the one by the usual way."""

from __future__ import annotations

import hashlib
import random
import subprocess
from typing import TYPE_CHECKING

import pytest

from support.git_repo import GitRepo
from support.projects import files, released
from verbump.effects import past_document, read, read_past
from verbump.effects.git_stream import GitStream
from verbump.planning import whole_changelog

if TYPE_CHECKING:
    from pathlib import Path

    from verbump.planning.whole_document import PastTag

TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
HEADERS = (
    "feat: add a thing",
    "fix: mend it (#{n})",
    "fix(api): re-use the queue  (#{n})",
    "feat(cli)!: drop `--old` (#{n}) (#7)",
    "docs: write it down",
    "docs!: gone",
    "chore(deps): bump",
    "Feat: UPPER case",
    "fix(a b): two words",
    "fix(a: b): colon within",
    "fix(<b>): marks in *scope*",
    "fix(security): hole",
    "perf: 3-4 times as fast",
    "feat: x-4 and - 5",
    "feat: iPhone and foo_bar()",
    "fix: resolve # of <b>bold</b> & more, fixes #{n}",
    "feat: über alles \u2028 and \u202e",
    "feat: - begins like an item",
    "feat: # begins like a heading",
    "feat: (#{n})",
    "feat:  two blanks",
    "feat(): empty",
    "feat (x): blank",
    "fix:no space",
    "no form at all (#{n})",
    "fixup! feat: add a thing",
    "revert: feat: add a thing",
    "deprecate: old, because: reasons",
    "remove: it.toml",
    "fix: don't",
    "fix: add, then: go",
    "feat: see owner/repo(#{n})",
    "feat: trailing number (owner/repo#{n})",
    "feat: zero (#0{n})",
    "feat: \r",
    "fix: carriage return\r",
    "x" * 300 + ": long",
    "feat: " + "long " * 300,
)
BODIES = (
    "",
    "",
    "\n\nSome text\nover two lines.\n",
    "\n\nBREAKING CHANGE: a\n\nb\n```\ncode\n```\n",
    "\nBREAKING-CHANGE: right below",
    "\n\n> BREAKING CHANGE: quoted\n",
    "\n\nCloses #{n}\nFixes: owner/repo#9\n",
    "\n\nChangelog: skip\n",
    "\n\nChangelog-Entry: written *by hand*\n",
    "\r\n\r\nResolves #{n}\r\n",
    "\n\nSigned-off-by: A <a@example.invalid>\n",
    "\n\n* feat: a bullet\n",
    "\n\nreleased\nFixes nothing\n",
)


class History:
    """Commits made by `git fast-import`, with their ids known beforehand: reverts have to name them."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.shas: list[str] = []
        self.merges: list[str] = []
        self.heads: list[str] = []
        self._marks: dict[str, int] = {}
        self._stream: list[bytes] = []

    def add(self, message: str, *parents: str, second: int) -> str:
        who = f"A <a@example.invalid> {1_700_000_000 + second} +0000"
        text = message.encode()
        lines = [f"tree {TREE}", *(f"parent {each}" for each in parents), f"author {who}", f"committer {who}", "", ""]
        content = "\n".join(lines).encode() + text
        sha = hashlib.sha1(b"commit %d\0" % len(content) + content).hexdigest()
        mark = self._marks[sha] = len(self._marks) + 1
        links = ("from", "merge", "merge")
        froms = [f"{link} :{self._marks[each]}" for link, each in zip(links, parents, strict=False)]
        begin = [f"commit refs/heads/side{mark}", f"mark :{mark}", f"author {who}", f"committer {who}"]
        self._stream += ["\n".join((*begin, f"data {len(text)}", "")).encode(), text, b"\n"]
        self._stream += ["\n".join((*froms, "", "")).encode()]
        self.shas.append(sha)
        return sha

    def message(self) -> str:
        chance, number = self.chance, self.chance.randint(1, 9)
        kind = chance.randint(0, 9)
        if self.shas and kind == 0:
            target = chance.choice(self.shas)[: chance.choice((7, 12, 40))]
            return f'Revert "feat: x"\n\nThis reverts commit {target}.\n'
        if self.shas and kind == 1:
            return chance.choice(
                (f'Revert "y (#{number})"\n\nReverts a/b#{number}\n', f"revert: z\n\nRefs: {self.shas[-1]}\n")
            )
        if self.merges and kind == 2:
            target = chance.choice(self.merges)
            return f'Revert "Merge"\n\nThis reverts commit {target}, reversing\nchanges made to {self.shas[0]}.\n'
        return (chance.choice(HEADERS) + chance.choice(BODIES)).replace("{n}", str(number))

    def load(self, repo: GitRepo) -> None:
        argv = ["git", "fast-import", "--quiet", "--force"]
        subprocess.run(argv, cwd=repo.path, input=b"".join(self._stream), check=True, capture_output=True)


def history(tmp_path: Path, seed: int, *, commits: int = 90, is_skewed: bool = False) -> GitRepo:
    """Branches that run side by side, merges of two and three, tags on all of them, candidates too."""
    chance = random.Random(seed)
    made = History(chance)
    tips = [made.add("feat: begin", second=0)]
    for number in range(1, commits):
        second = 100 * number - (chance.randint(0, 2000) if is_skewed else 0)
        kind = chance.randint(0, 11)
        if kind < 2 and len(tips) > 1:
            count = min(len(tips), chance.choice((2, 2, 3)))
            parents = chance.sample(tips, count)
            tips = [each for each in tips if each not in parents]
            tips.append(
                made.add(chance.choice(("Merge branch 'x'", "Merge it (#3)", "feat: merged")), *parents, second=second)
            )
            made.merges.append(tips[-1])
        elif kind == 2 and len(tips) < 4:
            tips.append(made.add(made.message(), chance.choice(made.shas), second=second))
        elif kind == 3 and number % 9 == 0:
            tips.append(made.add("feat: another root", second=second))
        else:
            place = chance.randrange(len(tips))
            tips[place] = made.add(made.message(), tips[place], second=second)
    head = made.add("Merge all", *tips[-3:], second=100 * commits) if len(tips) > 1 else tips[0]
    repo = GitRepo.create(tmp_path / f"history{seed}")
    made.load(repo)
    repo.git("update-ref", "refs/heads/main", head)
    tagged = chance.sample(range(len(made.shas)), 9)
    names = [
        "v0.1.0",
        "v0.2.0-rc.1",
        "v0.2.0-rc.2",
        "v0.2.0",
        "v0.2.1",
        "v1.0.0",
        "v1.1.0",
        "v1.1.0-rc.1",
        "v1.1.1+b.1",
    ]
    places = sorted(tagged) if seed % 3 else tagged
    for name, place in zip(names, places, strict=True):
        repo.tag(name, rev=made.shas[place], annotated=seed % 2 == 0)
    repo.tag("v1.2.0", rev=made.shas[max(tagged)])  # two at one commit
    if seed % 4:
        repo.git("remote", "add", "origin", "https://github.com/owner/demo.git")
    return repo


def both(repo: GitRepo) -> tuple[str | None, str]:
    """The document by the short way, and by the usual one."""
    snapshot = read.read_snapshot(read.Options(directory=repo.path, is_offline=True))
    past = read_past.read_past(repo.path, snapshot)
    return read_past.read_document(repo.path, snapshot), whole_changelog.plan_all(snapshot, past)


@pytest.mark.parametrize("seed", range(16))
def test_histories_with_merges_reverts_and_candidates(tmp_path: Path, seed: int) -> None:
    short, usual = both(history(tmp_path, seed))
    assert short == usual


@pytest.mark.parametrize("seed", range(8))
def test_two_git_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Also where the tag in the middle lies on a branch, or is reached by neither."""
    begun = []
    halves = past_document.halves

    def noted(directory: str, head: str, tags: list[PastTag]) -> list[GitStream]:
        begun.append(head)
        return halves(directory, head, tags)

    monkeypatch.setattr(past_document, "_MANY_OBJECTS", 0)
    monkeypatch.setattr(past_document, "halves", noted)
    short, usual = both(history(tmp_path, seed, is_skewed=seed == 7))
    assert short == usual
    assert begun


@pytest.mark.parametrize("seed", range(6))
def test_clocks_that_went_wrong(tmp_path: Path, seed: int) -> None:
    short, usual = both(history(tmp_path, seed, is_skewed=True))
    assert short == usual


def test_every_header_with_every_body(tmp_path: Path) -> None:
    made = History(random.Random(0))
    tip = made.add("feat: begin", second=0)
    for number, (header, body) in enumerate((header, body) for header in HEADERS for body in BODIES):
        tip = made.add((header + body).replace("{n}", str(number)), tip, second=number + 1)
    repo = GitRepo.create(tmp_path / "all")
    made.load(repo)
    repo.git("update-ref", "refs/heads/main", tip)
    repo.tag("v1.0.0", rev=tip)
    repo.git("remote", "add", "origin", "git@gitlab.com:group/sub/demo.git")
    short, usual = both(repo)
    assert short == usual


@pytest.mark.parametrize(
    "heading", ["## 1.2.3 - 2026-01-01", "## v1.2.3 - 2026-01-01", "## [v1.2.3] - 2026-01-01", "# [1.2.3]"]
)
def test_headings_are_written_as_those_that_are_there(tmp_path: Path, heading: str) -> None:
    repo = released(tmp_path, "feat: x")
    repo.write("CHANGELOG.md", f"# Changelog\n\n{heading}\n\n- Something.\n")
    repo.git("remote", "set-url", "origin", "https://codeberg.org/owner/demo.git")
    short, usual = both(repo)
    assert short == usual
    assert "1.2.3" in usual


@pytest.mark.parametrize(
    ("configuration", "is_short"),
    [
        ('types = {{docs = {{bump = "patch", category = "Changed"}}}}\n', True),
        ('types = {{docs = {{bump = "patch", category = "Documentation"}}}}\n', False),
        (
            'types = {{docs = {{bump = "none", category = "Documentation"}}}}\ncategories = ["Documentation", "fixed", "Added", "Changed", "Deprecated", "Removed", "Security", "Performance"]\n',
            True,
        ),
        ('types = {{revert = {{bump = "none"}}}}\n', True),
        ('squash = "body"\n', False),
        ('compat = "release-please"\n', False),
        ('include = ["src/**"]\n', False),
        ('[overrides]\n{sha} = "fix: corrected"\n', False),
    ],
)
def test_settings(tmp_path: Path, configuration: str, *, is_short: bool) -> None:
    repo = history(tmp_path, 1)
    repo.git("reset", "-q", "--hard")
    repo.write("verbump.toml", configuration.format(sha=repo.oid("v1.0.0^{commit}")))
    short, usual = both(repo)
    assert short == (usual if is_short else None)


def test_git_notes_stand_for_messages_and_no_tag_is_no_document(tmp_path: Path) -> None:
    repo = released(tmp_path, "feat: x")
    repo.git("notes", "--ref=verbump", "add", "-m", "docs: x", "v1.2.3")
    assert both(repo)[0] is None
    repo = GitRepo.create(tmp_path / "other")
    repo.commit("feat: begin", files())
    snapshot = read.read_snapshot(read.Options(directory=repo.path))
    assert read_past.read_document(repo.path, snapshot) is None


def test_a_history_that_is_not_whole_is_left_to_the_usual_way(tmp_path: Path) -> None:
    repo = history(tmp_path, 2)
    snapshot = read.read_snapshot(read.Options(directory=repo.path, is_offline=True))
    tags = read_past.past_tags(snapshot)
    style = whole_changelog.style_of(snapshot)
    assert style is not None

    def render(head: str, tags: list[PastTag]) -> bytes | None:
        return past_document.render(str(repo.path), [GitStream.log(str(repo.path), head)], tags, {}, style)

    assert render(snapshot.head, tags) is not None
    assert render("0" * 40, tags) is None
    assert render(snapshot.head, [tags[0]._replace(commit=b"1" * 40), *tags[1:]]) is None
