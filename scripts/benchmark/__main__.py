"""python -m benchmark [--quick] [--only NAME] [--markdown]: measure, print the table, exit 1 on a miss."""

import argparse
import logging
import sys
from collections.abc import Callable

import structlog

from benchmark import appends, conditions, following, homes, memory, pages, table
from benchmark.place import Place, place
from benchmark.rounds import Row

ITEMS: dict[str, Callable[[Place], list[Row]]] = {
    "appends": appends.measure,
    "exchange": pages.measure_exchange,
    "history": pages.measure_history,
    "own-write": pages.measure_own_write,
    "home": homes.measure,
    "lag": following.measure_lag,
    "catching-up": following.measure_catching_up,
    "memory": memory.measure,
}


def main() -> int:
    asked = _asked()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    rows: list[Row] = []
    with place(rounds=3 if asked.quick else 12, quick=asked.quick) as here:
        lines = conditions.told(here.server_url, rounds=here.rounds, quick=asked.quick)
        for name in asked.only or ITEMS:
            print(f"… {name}", file=sys.stderr, flush=True)
            rows += ITEMS[name](here)
    print(*lines, "", sep="\n")
    print(table.markdown(rows) if asked.markdown else table.text(rows))
    missed = [row.what for row in rows if not row.is_met]
    if missed:
        print("", "Bornes manquées : " + "; ".join(missed), sep="\n", file=sys.stderr)
    return 1 if missed else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Ce que coûte le portail, en rapports.")
    parser.add_argument("--quick", action="store_true", help="vite fait, sur peu de données")
    parser.add_argument("--only", action="append", choices=list(ITEMS), help="ne mesure que cela (répétable)")
    parser.add_argument("--markdown", action="store_true", help="donne un tableau pour README")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
