"""`python -m fangtang` is the command `fangtang`."""

from fangtang.config.cli import main

if __name__ == "__main__":  # a process beside the builder imports this module too
    main()
