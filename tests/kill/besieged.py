"""`espace-citoyen serve` for a test that kills more often than any accident would.

python besieged.py PORT FOLDER
"""

import sys

from espace_citoyen import supervisor
from espace_citoyen.cli import main

if __name__ == "__main__":
    # Two deaths of a child within a minute end everything, by contract: not here.
    supervisor._A_MINUTE = 0.0
    sys.exit(main(["serve", "--port", sys.argv[1], "--data", sys.argv[2]]))
