"""What a mail says: the templates of `texts/`, whose first line is the subject, as plain text and as HTML."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import jinja2

LINK = "{lien}"
"""What stands in a text for the address to open, which only the mail that leaves ever holds."""
MARKER = "— Pour répondre, écrivez au-dessus de cette ligne —"
"""Stands first in a mail that can be answered: what an answer holds from there on is our own mail, quoted."""
OPEN = "Ouvrir ma demande"
"""What the one link of the HTML part says."""


@dataclass(frozen=True)
class Letter:
    """What a mail says: a subject of one line and a plain text, which may hold `{lien}` until it is sent."""

    subject: str
    text: str

    def marked(self) -> "Letter":
        """Return the same letter under the line above which one answers."""
        return Letter(self.subject, f"{MARKER}\n\n{self.text}")


def compose(template: str, **values: Any) -> Letter:
    """Write the letter `texts/<template>.txt`; raise jinja2.UndefinedError when it asks for a value not given.

    What people wrote stays what they wrote: `{lien}` in it is no link.
    """
    given = {name: _harmless(value) for name, value in values.items()}
    written = _texts().get_template(f"{template}.txt").render(given)
    subject, _, text = written.partition("\n")
    return Letter(subject=re.sub(r"[ \t\r\f\v]+", " ", subject).strip(), text=text.strip() + "\n")


def as_html(letter: Letter, link: str) -> str:
    """Return the letter as a page for mail programs: no picture, no style to fetch, one link like a button."""
    paragraphs = [each.split(LINK) for each in re.split(r"\n\s*\n", letter.text.strip())]
    page = _texts().get_template("letter.html")
    return page.render(subject=letter.subject, paragraphs=paragraphs, link=link, open=OPEN, marker=MARKER)


def _harmless(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace(LINK, "{\N{WORD JOINER}" + LINK[1:])
    return [_harmless(each) for each in value] if isinstance(value, list | tuple) else value


@cache
def _texts() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("espace_citoyen", "texts"),
        undefined=jinja2.StrictUndefined,
        autoescape=jinja2.select_autoescape(("html",), default=False, default_for_string=False),
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
