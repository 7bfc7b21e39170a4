"""`python -m fangtang.snapshots.mirror` is the command `fangtang mirror`."""

import sys

from fangtang.snapshots.mirror.cli import main

sys.exit(main(sys.argv[1:]))
