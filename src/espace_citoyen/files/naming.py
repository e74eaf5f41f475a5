"""The name under which a file is shown and given back: what the sender called it, made harmless."""

import re
import unicodedata

from espace_citoyen.files.nature import EXTENSIONS

MOST_CHARACTERS = 150
NAMELESS = "fichier"
_REFUSED_BY_SYSTEMS = re.compile(r'[<>:"|?*]')
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, formatting (right-to-left marks too) and unassigned characters."""


def cleaned(name: str, media_type: str) -> str:
    """Return a name without path or unseen characters, not too long, that ends as files of its nature do.

    A nature that is none of ours changes no ending.
    """
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(each for each in last if unicodedata.category(each) not in _UNSEEN)
    written = unicodedata.normalize("NFC", _REFUSED_BY_SYSTEMS.sub("_", seen))
    stem = " ".join(written.split()).strip(". ")
    endings = EXTENSIONS.get(media_type, ("",))
    given = next((each for each in endings if stem.casefold().endswith(each)), "")
    ending = stem[len(stem) - len(given) :] if given else endings[0]
    stem = stem.removesuffix(ending)[: MOST_CHARACTERS - len(ending)].rstrip(". ")
    return (stem or NAMELESS) + ending
