"""Dates as operators type them."""

import argparse
from datetime import datetime

from espace_citoyen import dates


def as_of(typed: str) -> datetime:
    """Return the instant meant (see `dates.as_of`), as an argparse type."""
    try:
        return dates.as_of(typed)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"« {typed} » n’est pas une date : écrivez 2026-11-23, ou 2026-11-23T14:30"
        ) from None
