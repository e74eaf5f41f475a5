"""The table, for a terminal or for README."""

from collections.abc import Sequence

from benchmark.rounds import Row

HEAD = ("mesure", "médiane", "min", "max", "unité", "borne", "")


def text(rows: Sequence[Row]) -> str:
    """Return the table in columns."""
    cells = [HEAD, *map(_cells, rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    lines = []
    for what, *others in cells:
        shown = [what.ljust(widths[0])]
        shown += [each.rjust(width) for each, width in zip(others, widths[1:], strict=True)]
        lines.append("  ".join(shown).rstrip())
    return "\n".join(lines)


def markdown(rows: Sequence[Row]) -> str:
    """Return the table to be pasted into README."""
    lines = ["| mesure | médiane | min | max | unité | borne | |", "|---|--:|--:|--:|---|---|---|"]
    return "\n".join([*lines, *(f"| {' | '.join(_cells(row))} |" for row in rows)])


def _cells(row: Row) -> tuple[str, ...]:
    met = "" if row.bound is None else ("tenue" if row.is_met else "MANQUÉE")
    numbers = map(_number, (row.median, min(row.values), max(row.values)))
    return (row.what, *numbers, row.unit, str(row.bound or "").replace(".", ","), met)


def _number(value: float) -> str:
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}".replace(",", "\N{NARROW NO-BREAK SPACE}").replace(".", ",")
