"""The figures as Markdown, ready for docs/performance.md."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.measure import Search, Timing


@dataclass(frozen=True)
class Size:
    """Everything measured in a shop of one size."""

    total: int
    timings: dict[str, dict[str, Timing]]
    queries: dict[str, dict[str, int]]
    place_order: int
    a_second: float
    search: Search


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def whole(kind: str, yardstick: dict[str, Timing], sizes: Sequence[Size]) -> str:
    """The whole report of one database."""
    parts = [f"### {kind}", "", _yardstick(yardstick), ""]
    for condition in sizes[0].timings:
        parts += [f"**{condition}**", "", _condition(condition, yardstick, sizes), ""]
    parts += [_sums(sizes)]
    return "\n".join(parts)


def beside(peer: str, ours: Size, condition: str, timings: dict[str, Timing], queries: dict[str, int]) -> str:
    """Another shop's pages beside the same pages of ours, without our page cache."""
    heads = ("page", f"{peer}: CPU ms", "queries", "ours, uncached: CPU ms", "queries", "CPU, peer : ours")
    rows = []
    for name, theirs in timings.items():
        own = ours.timings[condition][name]
        row = (name, _ms(theirs.cpu), str(queries[name]), _ms(own.cpu), str(ours.queries[condition][name]))
        rows.append((*row, _ratio(theirs.cpu, own.cpu)))
    return f"**{peer} beside us, {ours.total:,} products**\n\n" + table(heads, rows)


def lists(total: int, found: Iterable[tuple[str, float, float, int]]) -> str:
    """The lists of the staff: what one request takes inside the process, without a network."""
    rows = [(f"`{path}`", _ms(median), _ms(p95), str(queries)) for path, median, p95, queries in found]
    heads = ("list", "median ms", "p95 ms", "queries")
    return f"**{total:,} orders on PostgreSQL**\n\n" + table(heads, rows)


def _yardstick(found: dict[str, Timing]) -> str:
    rows = [(name, _ms(timing.median), _ms(timing.p95), _ms(timing.cpu)) for name, timing in found.items()]
    return table(("yardstick (Flask alone)", "median ms", "p95 ms", "CPU ms"), rows)


def _condition(condition: str, yardstick: dict[str, Timing], sizes: Sequence[Size]) -> str:
    heads = ["page"]
    for size in sizes:
        shop = f"{size.total:,} products"
        heads += [f"{shop}: median ms", "p95 ms", "CPU ms", "x cached string", "queries"]
    if len(sizes) > 1:
        heads.append("CPU, largest : smallest")
    ready = yardstick["cached string"].cpu
    rows = []
    for name in sizes[0].timings[condition]:
        row = [name]
        for size in sizes:
            timing = size.timings[condition][name]
            row += [_ms(timing.median), _ms(timing.p95), _ms(timing.cpu), _ratio(timing.cpu, ready)]
            row.append(str(size.queries[condition][name]))
        if len(sizes) > 1:
            first, last = (size.timings[condition][name].cpu for size in (sizes[0], sizes[-1]))
            row.append(_ratio(last, first))
        rows.append(row)
    return table(heads, rows)


def _sums(sizes: Sequence[Size]) -> str:
    rows = []
    for size in sizes:
        steps = size.queries["a guest's purchase"]
        found = size.search
        rows.append(
            (
                f"{size.total:,} products", str(len(steps)), str(sum(steps.values())), str(size.place_order),
                f"{size.a_second:.1f}", _ms(found.median), _ms(found.p99), _ms(found.typo),
            )
        )  # fmt: skip
    heads = (
        "shop",
        "requests of a purchase",
        "its queries",
        "queries of placing the order",
        "purchases a second",
    )
    return table((*heads, "search in the database, median ms", "p99 ms", "typo help, ms"), rows)


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def _ratio(value: float | None, base: float | None) -> str:
    return "–" if not value or not base else f"{value / base:.1f}"
