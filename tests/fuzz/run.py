"""Fuzz one parser with atheris, or all in turn.

python tests/fuzz/run.py [TARGET ...] [--seconds 300]

Prints a line for each: name, runs, seconds, features that the runs reached. Exit 1 at the first input that a parser
does not survive; libFuzzer then prints it and leaves it in the working directory.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))


def main() -> int:
    """0, or 1 where a parser failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--in-process", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.in_process:
        fuzz(options.targets[0], options.seconds)
    from fuzz.targets import TARGETS

    for name in options.targets or TARGETS:
        argv = [sys.executable, __file__, name, "--seconds", str(options.seconds), "--in-process"]
        done = subprocess.run(argv, capture_output=True, text=True, errors="replace")
        runs = re.search(r"Done (\d+) runs in (\d+) second", done.stderr)
        reached = re.findall(r"\bft: (\d+)", done.stderr)
        if done.returncode != 0 or runs is None:
            sys.stderr.write(done.stdout + done.stderr)
            return 1
        sys.stdout.write(f"{name:<18}{runs[1]:>10} runs{runs[2]:>6} s{reached[-1] if reached else '?':>8} features\n")
        sys.stdout.flush()
    return 0


def fuzz(name: str, seconds: int) -> None:
    """Let libFuzzer try the target; never returns."""
    import atheris

    with atheris.instrument_imports(include=["verbump"]):
        from fuzz import targets

    target = targets.TARGETS[name]
    seeds = Path(tempfile.mkdtemp(prefix="fuzz-"))
    for number, atom in enumerate(targets.ATOMS):
        (seeds / f"atom-{number}").write_text(atom * 3, encoding="utf-8")
    for number, prefix in enumerate(targets.PREFIXES):
        (seeds / f"prefix-{number}").write_text(prefix, encoding="utf-8")

    def once(data: bytes) -> None:
        # As verbump reads: UTF-8, what is none replaced; every fourth text keeps lone surrogates, as git's paths have.
        errors = "surrogateescape" if data[:1] < b"\x40" else "replace"
        targets.survives(target, data.decode("utf-8", errors))

    atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", "-max_len=4096", "-rss_limit_mb=2048", str(seeds)], once)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
