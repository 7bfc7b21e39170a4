"""The command `fangtang`, also as `python -m fangtang`.

The guard, the mirror and the scan run without Django and without a database; they are started before anything of that is imported.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command of the words on the command line, and leave with its status."""
    words = sys.argv[1:]
    if words[:1] == ["guard"]:
        from fangtang.snapshots import guard

        sys.exit(guard.main(words[1:]))
    if words[:1] == ["mirror"]:
        from fangtang.snapshots import mirror

        sys.exit(mirror.main(words[1:]))
    if words[:1] == ["scan"]:
        from fangtang.rules import program

        sys.exit(program.main(words[1:]))
    from fangtang.config import cli

    cli.main()


if __name__ == "__main__":  # a process beside the builder imports this module too
    main()
