"""One line that tells how far a long command is."""

import sys
import time


class Progress:
    """Shows words on one line of a terminal; into a file it writes a line for each new subject."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._subject = ""
        self._shown = 0.0

    def __call__(self, words: str) -> None:
        """Show these words, at most ten times a second."""
        subject = words.split(maxsplit=1)[0]
        new = subject != self._subject
        if self._terminal and (new or time.monotonic() - self._shown > 0.1):
            self._shown = time.monotonic()
            print(f"\r\033[KMenyiapkan demo: {words}", end="", file=sys.stderr, flush=True)
        elif not self._terminal and new:
            print(f"Menyiapkan demo: {words}", file=sys.stderr, flush=True)
        self._subject = subject

    def end(self, words: str) -> None:
        """Replace the line by the last words."""
        print(("\r\033[K" if self._terminal else "") + words, file=sys.stderr, flush=True)
