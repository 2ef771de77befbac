"""How a step of the walk through the back office is written down."""

from collections.abc import Callable
from typing import Any, NamedTuple

Body = dict[str, Any] | Callable[[dict[str, int]], dict[str, Any]]


class Step(NamedTuple):
    """One press of a button: where ('{product}' stands for its id), what is sent, which acts it leaves."""

    endpoint: str
    path: str
    body: Body
    acts: tuple[str, ...]


def writing(room: str, path: str, draft: str, counted: str) -> tuple[Step, ...]:
    """An order is written down and paid in cash; of another, the cash is counted by a second officer."""
    return (
        Step(
            f"assisted_{room}.submit",
            f"{path}/{{{draft}}}",
            lambda ids: {
                "nama": "Siti", "telepon": "081200001111", "bayar": "transfer", "aksi": "pesan",
                f"kirim-{ids['facility']}": "pickup",
            },
            ("order.written",),
        ),
        Step(
            f"assisted_{room}.take_cash", f"{path}/{{{draft}}}/tunai", {"jumlah": "50000"},
            ("payment.cash_taken",),
        ),
        Step(
            f"assisted_{room}.count_cash", f"{path}/{{{counted}}}/tunai/hitung", {}, ("payment.cash_counted",)
        ),
    )  # fmt: skip
