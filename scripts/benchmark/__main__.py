"""python -m benchmark [--quick] [--only NAME] [--markdown]: measure, print the table, exit 1 on a miss."""

import argparse
import logging
import sys
from collections.abc import Callable
from pathlib import Path

import structlog

from benchmark import appends, conditions, desk, filing, following, homes, mailroom, memory, pages, table, tabs
from benchmark.place import Place, place
from benchmark.rounds import Row

ITEMS: dict[str, Callable[[Place], list[Row]]] = {
    "appends": appends.measure,
    "exchange": pages.measure_exchange,
    "history": pages.measure_history,
    "as-of": tabs.measure_as_of,
    "tabs": tabs.measure_tabs,
    "filing": filing.measure,
    "mail-in": mailroom.measure,
    "own-write": pages.measure_own_write,
    "home": homes.measure,
    "queue": desk.measure,
    "lag": following.measure_lag,
    "catching-up": following.measure_catching_up,
    "memory": memory.measure,
}


README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"
INTRODUCTION = """\
`scripts/bench` mesure chez vous, compare tour par tour ce qui se compare, et finit en erreur quand une borne est
manquée. Lisez les rapports plutôt que les nombres : clients, serveur et base se partagent la machine. `save()` est
celui de la bibliothèque eventsourcing telle quelle ; `record()`, le nôtre, écrit la même chose, scellée."""


def main() -> int:
    asked = _asked()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    rows: list[Row] = []
    with place(rounds=3 if asked.quick else 12, quick=asked.quick) as here:
        lines = conditions.told(here.server_url, rounds=here.rounds, quick=asked.quick)
        for name in asked.only or ITEMS:
            print(f"… {name}", file=sys.stderr, flush=True)
            rows += ITEMS[name](here)
    if asked.readme:
        _write(lines, rows)
    print(*lines, "", sep="\n")
    print(table.markdown(rows) if asked.markdown else table.text(rows))
    missed = [row.what for row in rows if not row.is_met]
    if missed:
        print("", "Bornes manquées : " + "; ".join(missed), sep="\n", file=sys.stderr)
    return 1 if missed else 0


def _write(lines: list[str], rows: list[Row]) -> None:
    """Put the table between the two marks of README."""
    before, begin, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    told = "\n".join([INTRODUCTION, "", *(f"{line}  " for line in lines), "", table.markdown(rows)])
    README.write_text(f"{before}{begin}\n{told}\n{end}{after}", encoding="utf-8")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Ce que coûte le portail, en rapports.")
    parser.add_argument("--quick", action="store_true", help="vite fait, sur peu de données")
    parser.add_argument("--only", action="append", choices=list(ITEMS), help="ne mesure que cela (répétable)")
    parser.add_argument("--markdown", action="store_true", help="donne un tableau pour README")
    parser.add_argument("--readme", action="store_true", help="met ce tableau dans README")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
