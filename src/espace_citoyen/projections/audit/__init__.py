"""What an auditor reads of a stream, whole: every event, its facts in words, and the same as JSON."""

from espace_citoyen.projections.audit.entries import Entry, as_json, entry, history
from espace_citoyen.projections.audit.readings import Reading, people, readings
from espace_citoyen.projections.audit.words import Words, news, said, words_of

__all__ = [
    "Entry",
    "Reading",
    "Words",
    "as_json",
    "entry",
    "history",
    "news",
    "people",
    "readings",
    "said",
    "words_of",
]
