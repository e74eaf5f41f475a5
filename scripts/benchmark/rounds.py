"""Rounds that take turns, and what is reported of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Bound:
    """What a median must not miss: at least, or at most, a value."""

    value: float
    at_least: bool

    def is_met(self, measured: float) -> bool:
        return measured >= self.value if self.at_least else measured <= self.value

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.value:g}"


def at_least(value: float) -> Bound:
    return Bound(value, at_least=True)


def at_most(value: float) -> Bound:
    return Bound(value, at_least=False)


@dataclass(frozen=True)
class Row:
    """One line of the table: a value per round; the median is what counts."""

    what: str
    unit: str
    values: Sequence[float] = field(repr=False)
    bound: Bound | None = None

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def is_met(self) -> bool:
        return self.bound is None or self.bound.is_met(self.median)


def interleave(rounds: int, measures: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Run every measure once a round, another one first each time; a first round warms up and is thrown away."""
    found: dict[str, list[float]] = {name: [] for name in measures}
    names = list(measures)
    for number in range(rounds + 1):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            value = measures[name]()
            if number:
                found[name].append(value)
    return found


def ratios(these: Sequence[float], those: Sequence[float]) -> list[float]:
    """Compare two measures round by round."""
    return [this / that for this, that in zip(these, those, strict=True)]


def timed(act: Callable[[], object]) -> float:
    """Return how long something took, in milliseconds."""
    began = perf_counter()
    act()
    return (perf_counter() - began) * 1000


def centile(values: Sequence[float], per_cent: int) -> float:
    """Return the value that so many per cent of the others stay below."""
    return sorted(values)[min(len(values) * per_cent // 100, len(values) - 1)]
