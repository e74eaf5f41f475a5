"""The security code said aloud in French: recorded digits, one after the other, as one sound."""

import wave
from functools import cache
from importlib import resources
from io import BytesIO

RATE = 8_000
"""Samples a second, each of 16 bits, on one channel: what `scripts/digits.py` records."""
PAUSE_SECONDS = 0.55


def said(digits: str) -> bytes:
    """Return a WAV that says these digits, with time to type each of them."""
    pause = bytes(2 * int(RATE * PAUSE_SECONDS))
    made = BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(pause.join([b"", *map(_recorded, digits), b""]))
    return made.getvalue()


@cache
def _recorded(digit: str) -> bytes:
    file = resources.files("espace_citoyen.web").joinpath("recordings", f"{digit}.wav")
    with file.open("rb") as opened, wave.open(opened) as sound:
        frames: bytes = sound.readframes(sound.getnframes())
        return frames
