"""Why something is erased: a code and the reference of a visa, since what outlives an erasure is read by all."""

import re
from enum import StrEnum

from espace_citoyen.aggregates.refusals import Invalid

_VISA = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{0,39}")


class ErasureReason(StrEnum):
    """The reasons there are; free text could name the very person to be forgotten."""

    RETENTION = "retention"
    PERSON = "person"
    JUDGMENT = "judgment"
    MISTAKE = "mistake"


def check_motive(reason: str, visa: str) -> None:
    """Refuse a reason that is no code, and a visa that is no reference (40 characters, no space)."""
    if reason not in set(ErasureReason):
        raise Invalid("Unknown reason", {"reason": ["Choisissez un des motifs proposés."]})
    if not _VISA.fullmatch(visa):
        raise Invalid("Ill-formed visa", {"visa": ["Donnez la référence du visa, par exemple « DPO-2026-014 »."]})
