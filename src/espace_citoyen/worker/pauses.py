"""How long to wait before trying again: longer and longer, up to a bound."""

from threading import Event


class Pauses:
    """Doubling pauses, from `first` to `longest` seconds, cut short when the process is to stop."""

    def __init__(self, first: float, longest: float, stop: Event) -> None:
        self._first = self._next = first
        self._longest = longest
        self._stop = stop

    def take(self) -> float:
        """Wait, then return how long the pause was."""
        pause = self._next
        self._next = min(pause * 2, self._longest)
        self._stop.wait(pause)
        return pause

    def reset(self) -> None:
        """Begin again with the first one: something worked."""
        self._next = self._first
