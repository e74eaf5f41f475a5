#!/usr/bin/env python3
"""Record the digits of the security code in French with Debian's espeak-ng, once, into files that are kept."""

from __future__ import annotations

import subprocess
import sys
import wave
from array import array
from io import BytesIO
from pathlib import Path

WORDS = {
    "2": "deux",
    "3": "trois",
    "4": "quatre",
    "5": "cinq",
    "6": "six",
    "7": "sept",
    "8": "huit",
    "9": "neuf",
}
TARGET = Path(__file__).parent.parent / "src/espace_citoyen/web/recordings"
RATE = 8_000
QUIET = 300
"""Below this a sample is silence, and is cut off at either end."""


def spoken(word: str) -> tuple[array[int], int]:
    """Say a word; its samples and their rate."""
    command = ["espeak-ng", "-v", "fr-fr", "-s", "130", "-a", "160", "--stdout", word]
    made = subprocess.run(command, check=True, capture_output=True).stdout
    with wave.open(BytesIO(made)) as sound:
        # espeak-ng cannot know the length of what it streams: it says too much.
        samples = array("h", sound.readframes(sound.getnframes()))
        return samples, sound.getframerate()


def resampled(samples: array[int], rate: int) -> array[int]:
    """The same at RATE: the mean of what falls within each sample, which is filter enough for a voice."""
    step = rate / RATE
    spans = ((int(n * step), max(int((n + 1) * step), int(n * step) + 1)) for n in range(int(len(samples) / step)))
    return array("h", (sum(samples[first:last]) // (last - first) for first, last in spans))


def trimmed(samples: array[int]) -> array[int]:
    """Without silence before and after."""
    loud = [n for n, sample in enumerate(samples) if abs(sample) > QUIET]
    return samples[loud[0] : loud[-1] + 1] if loud else sys.exit("nothing was said")


def main() -> None:
    TARGET.mkdir(exist_ok=True)
    for digit, word in WORDS.items():
        samples = trimmed(resampled(*spoken(word)))
        with wave.open(str(TARGET / f"{digit}.wav"), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(RATE)
            sound.writeframes(samples.tobytes())
        print(f"{digit} « {word} »: {len(samples) / RATE:.2f} s, {2 * len(samples)} bytes")


if __name__ == "__main__":
    main()
