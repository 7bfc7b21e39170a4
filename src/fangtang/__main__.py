"""`python -m fangtang` is the command `fangtang`."""

from fangtang.config.cli import main

main()
