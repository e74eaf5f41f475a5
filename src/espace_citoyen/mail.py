"""Writes mails from the templates of `texts/`: the first line of a template is the subject."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import jinja2


@dataclass(frozen=True)
class Letter:
    """What a mail says: a subject of one line and a plain text, which may hold `{lien}` until it is sent."""

    subject: str
    text: str


def compose(template: str, **values: Any) -> Letter:
    """Write the letter `texts/<template>.txt`; raise jinja2.UndefinedError when it asks for a value not given."""
    written = _texts().get_template(f"{template}.txt").render(values)
    subject, _, text = written.partition("\n")
    return Letter(subject=" ".join(subject.split()), text=text.strip() + "\n")


@cache
def _texts() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("espace_citoyen", "texts"),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - plain text, never HTML
        keep_trailing_newline=True,
        trim_blocks=True,
    )
