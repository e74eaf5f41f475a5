"""The words of a mail that was written in HTML: nothing in it is followed, shown or run."""

import html
import re
from collections.abc import Iterator

_RAW = ("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes")
"""What lies in these is no markup, up to their end."""
_MUTE = frozenset({"head", "template", *_RAW}) - {"textarea", "xmp"}
_BLOCKS = frozenset({"p", "div", "br", "li", "tr", "table", "blockquote", "hr", "ul", "ol"})
_BLOCKS |= {"h1", "h2", "h3", "h4"}
_VALUE = r"""=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))"""
_MARKUP = re.compile(rf"<(?:(/?)([a-z][^\s/>]*+)(?:{_VALUE}|[^>])*+>?|[!?/][^>]*+>?)", re.IGNORECASE)
"""A tag with what is quoted in it, or what is neither tag nor word; one without end ends the text."""
_SPACE = re.compile(r"[ \t\r\n]+")


def as_text(written: str) -> str:
    """Return the words of an HTML text, a line for each block.

    The time this takes grows with the length of the text alone, however it is broken.
    """
    said, mute = [], 0
    for words, tag, closing in _pieces(written):
        if words and not mute:
            said.append(_SPACE.sub(" ", html.unescape(words)))
        if tag in _MUTE:
            mute = max(0, mute + (-1 if closing else 1))
        elif tag in _BLOCKS and not (mute or (closing and tag == "br")):
            said.append("\n")
    lines = (line.strip() for line in "".join(said).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _pieces(written: str) -> Iterator[tuple[str, str, bool]]:
    """Give the words before each tag, the tag's name, and whether it closes; then the words after the last."""
    at = begun = 0
    while found := _MARKUP.search(written, at):
        at = _end_of_comment(written, found.start()) if written.startswith("<!--", found.start()) else found.end()
        name = (found[2] or "").lower()
        yield written[begun : found.start()], name, bool(found[1])
        begun = at
        if name in _RAW and not found[1]:
            at = _end_of_raw(written, at, name)
    yield written[begun:], "", False


def _end_of_comment(written: str, start: int) -> int:
    end = written.find("-->", start + 2)
    return len(written) if end < 0 else end + 3


def _end_of_raw(written: str, start: int, name: str) -> int:
    """Where `</name` stands, the end of the text when it does not."""
    found = re.compile(rf"</{name}\b", re.IGNORECASE).search(written, start)
    return found.start() if found else len(written)
