"""Turning the pages of a long list through its address."""

from collections.abc import Callable
from typing import Any

import flask

ARGUMENT = "page"


def asked() -> int:
    """The page that the address asks for; nonsense is the first."""
    said = flask.request.args.get(ARGUMENT, "1")
    return max(1, int(said)) if said.isascii() and said.isdecimal() and len(said) < 7 else 1


def pagination(page: int, last: int, address: Callable[[int], str]) -> dict[str, Any]:
    """What the pagination component needs; nothing when one page holds all."""
    if last < 2:
        return {}
    made: dict[str, Any] = {"landmarkLabel": "Pages de la liste", "items": _numbers(page, last, address)}
    if 1 < page <= last:
        made["previous"] = {"href": address(page - 1), "text": "Précédente"}
    if page < last:
        made["next"] = {"href": address(page + 1), "text": "Suivante"}
    return made


def _numbers(page: int, last: int, address: Callable[[int], str]) -> list[dict[str, Any]]:
    """The first, the last and the neighbours, with an ellipsis for those left out."""
    near = sorted({1, last, *range(max(1, page - 1), min(last, page + 1) + 1)})
    items: list[dict[str, Any]] = []
    for before, number in zip([0, *near], near, strict=False):
        if number - before > 1:
            items.append({"ellipsis": True})
        current = {"current": number == page, "visuallyHiddenText": f"Page {number}"}
        items.append({"number": str(number), "href": address(number), **current})
    return items
