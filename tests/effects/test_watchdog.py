"""A process that falls silent is ended, whatever it does about it; what git prints of its progress is no message."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from verbump.effects import watchdog


def start(script: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_both_streams_are_read_to_their_end() -> None:
    script = "import sys; sys.stdout.write('o' * 300_000); sys.stderr.write('e' * 300_000); sys.exit(3)"
    with start(script) as process:
        out, error, is_silent = watchdog.watch(process, 30)
    assert (len(out), len(error), is_silent, process.returncode) == (300_000, 300_000, False, 3)


@pytest.mark.skipif(sys.platform == "win32", reason="there a process cannot refuse to end")
def test_silence_ends_even_what_ignores_a_signal() -> None:
    script = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "print('alive', flush=True); time.sleep(60)"
    )
    began = time.monotonic()
    with start(script) as process:
        out, _, is_silent = watchdog.watch(process, 1.5)
    assert (out, is_silent, process.returncode) == (b"alive\n", True, -9)
    assert time.monotonic() - began < 30


def test_progress_is_no_message() -> None:
    said = (
        "Enumerating objects: 5, done.\n"
        "Counting objects:  50% (1/2)\rCounting objects: 100% (2/2), done.\n"
        "Delta compression using up to 2 threads\n"
        "Total 3 (delta 2), reused 0 (delta 0), pack-reused 0\n"
        "remote: Resolving deltas: 100% (2/2), done.\x1b[K\n"
        "remote: protected branch\n"
        "fatal: no\n"
    )
    assert watchdog.without_progress(said) == "remote: protected branch\nfatal: no\n"
