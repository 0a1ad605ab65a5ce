"""`python -m verbump`, and the `verbump` command."""

from __future__ import annotations


def main() -> None:
    """Run the command line; the exit status is the process's."""
    from verbump.cli.main import run

    run()


if __name__ == "__main__":
    main()
