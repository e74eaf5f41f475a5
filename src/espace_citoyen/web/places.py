"""Places for those who hold a thread as long as they like: so many at a time, a few of them for one visitor."""

from collections import Counter
from threading import Lock
from uuid import UUID


class Places:
    """`most` places, of which one visitor takes `each` at a time: the others stay for everybody else."""

    def __init__(self, most: int, *, each: int) -> None:
        self._most = most
        self._each = each
        self._taken: Counter[UUID | None] = Counter()
        self._lock = Lock()

    def take(self, whose: UUID | None) -> bool:
        """Take a place for a visitor if there is one; each one taken is to be given back."""
        with self._lock:
            if self._taken.total() >= self._most or self._taken[whose] >= self._each:
                return False
            self._taken[whose] += 1
            return True

    def give_back(self, whose: UUID | None) -> None:
        """Give a visitor's place back."""
        with self._lock:
            self._taken -= Counter({whose: 1})
