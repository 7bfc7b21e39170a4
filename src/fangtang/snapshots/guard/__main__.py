import sys

from fangtang.snapshots.guard.program import main

sys.exit(main())
