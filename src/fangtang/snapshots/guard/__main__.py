"""`python -m fangtang.snapshots.guard` is the command `fangtang guard`."""

import sys

from fangtang.snapshots.guard.program import main

sys.exit(main())
