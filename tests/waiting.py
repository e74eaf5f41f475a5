"""The one place where a test waits for a real process."""

import time
from collections.abc import Callable


def wait_until(true: Callable[[], object], what: str, *, seconds: float = 15.0) -> None:
    """Return as soon as `true()` holds; fail with `what` when it does not within `seconds`."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"still waiting after {seconds} s for: {what}")
        time.sleep(0.02)
