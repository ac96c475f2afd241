"""``python -m ipdma`` does what ``ipdma`` does."""

import sys

from ipdma.cli import main

sys.exit(main())
