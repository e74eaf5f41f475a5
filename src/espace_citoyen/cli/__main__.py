"""`python -m espace_citoyen.cli`: how `serve` starts its children, whatever the PATH."""

import sys

from espace_citoyen.cli import main

sys.exit(main())
