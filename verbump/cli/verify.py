"""`verbump verify`: do tag, manifests, lock files, changelog and artifacts agree."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verbump.cli import findings, output
from verbump.cli.json_errors import with_json_errors

if TYPE_CHECKING:
    from verbump.cli.main import Globals
    from verbump.planning.artifacts import Artifact
    from verbump.planning.snapshot import Snapshot
    from verbump.planning.verify import Verdict


@click.command(name="verify", short_help="Do tag, manifests, lock files, changelog and artifacts agree.")
@click.argument("revision", metavar="[TAG|HEAD]", default="HEAD")
@click.option(
    "--dist", type=click.Path(path_type=Path), metavar="DIR", help="Hold the files of this folder against it."
)
@click.option("--target", "triples", multiple=True, metavar="TRIPLE", help="Expect files for this target; repeatable.")
@click.option("--package", metavar="NAME", help="One package of several.")
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
@click.pass_obj
@with_json_errors
def command(settings: Globals, /, revision: str, form: str, **values: Any) -> None:
    """Do the tag, every manifest, the lock files and the changelog agree, in the tree that the tag names.

    Read from git, not from the work tree. With --dist also: SHA256SUMS, the version and the name of each file, and
    whether all that was to be built is there. Exit status 1: they do not agree.

    \b
    Example: verbump verify v1.2.3 --dist dist
    """
    from verbump.effects import read_tree
    from verbump.planning import verify

    dist: Path | None = values["dist"]
    tree = read_tree.read_tree(settings.directory, settings.config, revision, values["package"])
    verdict = verify.judge(tree.snapshot, tree.tag)
    artifacts: tuple[Artifact, ...] = ()
    problems = list(verdict.problems)
    if dist is not None:
        from verbump.effects import artifacts as reading
        from verbump.planning import artifacts as judging
        from verbump.planning import build_sources

        folder = settings.directory / dist
        artifacts = reading.read_artifacts(folder)
        problems += judging.find_sum_problems(reading.read_sums(folder), artifacts)
        if verdict.version is not None:
            expected = build_sources.expected_artifacts(tree.snapshot, verdict.version, tree.programs)
            expected = replace(expected, triples=values["triples"] or expected.triples)
            problems += judging.find_problems(artifacts, expected)
    findings.show(problems, form, _data(tree.snapshot, verdict, artifacts))
    name = verdict.tag or str(verdict.version or revision)
    findings.fail_on_errors(problems, "verify-failed", f"{output.safe(name)} does not agree with itself")
    if form == "text" and not settings.is_quiet:
        count = f", {len(artifacts)} files of {dist}" if dist is not None else ""
        output.echo_answer(output.safe(f"{name}: {', '.join(verdict.agreeing) or 'the tag'} agree{count}"))


def _data(snapshot: Snapshot, verdict: Verdict, artifacts: tuple[Artifact, ...]) -> dict[str, Any]:
    return {
        "version": str(verdict.version) if verdict.version else None,
        "pep440": output.pep440_or_empty(verdict.version),
        "tag": verdict.tag,
        "commit": snapshot.head,
        "files": list(verdict.agreeing),
        "artifacts": findings.artifact_data(artifacts),
    }
