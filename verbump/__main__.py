"""`python -m verbump`, and the `verbump` command."""

from __future__ import annotations


def main() -> None:
    """Run the command line; the exit status is the process's."""
    import sys

    from verbump.cli import quick

    if quick.answer(sys.argv[1:]):
        return
    from verbump.cli.main import run

    run()


if __name__ == "__main__":
    main()
