"""How many pieces of each line are meant: counts that people type, shown again as typed."""

from collections.abc import Iterable, Mapping

from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.orders.models import OrderLine
from storefront.web.typed import parse_count


class PieceCounts:
    """A count beside each line. `prefix` begins the names of the inputs; an empty one means none."""

    def __init__(self, lines: Iterable[tuple[OrderLine, int]], prefix: str = "baris") -> None:
        self.rows = [(line, most) for line, most in lines if most]
        self.prefix = prefix
        self.typed: dict[int, str] = {}
        self.wrong: dict[str, str] = {}

    def name(self, line: OrderLine) -> str:
        """The name (and id) of a line's input."""
        return f"{self.prefix}-{line.id}"

    def read(self, sent: Mapping[str, str]) -> dict[int, int]:
        """Pieces by line. What is no count, or too many, is in `wrong` afterwards."""
        found = {}
        for line, most in self.rows:
            typed = sent.get(self.name(line), "").strip()[:12]
            self.typed[line.id] = typed
            try:
                found[line.id] = parse_count(typed) if typed else 0
            except ValueError as error:
                self.wrong[self.name(line)] = f"{line.title}: {error}"
                continue
            if found[line.id] > most:
                words = _("%(title)s: paling banyak %(n)s.", title=line.title, n=most)
                self.wrong[self.name(line)] = words
        return {line_id: count for line_id, count in found.items() if count}

    def blame(self, error: Invalid) -> dict[str, str]:
        """Take what a service found wrong with single lines; returns the rest."""
        mine = {self.name(line) for line, _most in self.rows}
        self.wrong |= {name: words for name, words in error.errors.items() if name in mine}
        return {name: words for name, words in error.errors.items() if name not in mine}
