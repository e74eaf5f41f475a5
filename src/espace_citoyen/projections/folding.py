"""Text as it is sorted and searched: without accents, case or ligatures, since PostgreSQL here knows no French."""

import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})


def fold(text: str) -> str:
    """Return « école » for « École » without its accent, so that É sorts with E and not after Z."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(character for character in apart if not unicodedata.combining(character))
    return " ".join(kept.translate(_LIGATURES).split())
