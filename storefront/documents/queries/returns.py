"""What of a receipt went back: a part of its own below what was sold, which stays as it was printed first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from storefront.core.language import _, _c
from storefront.core.money import rupiah
from storefront.orders.models import Order
from storefront.payments.models import SURPLUS, Payment, Refund, RefundLine, RefundStatus
from storefront.payments.queries import refunds_of, taken_back
from storefront.web.formats import short_date

Data = dict[str, Any]


@dataclass
class Return:
    """Money promised back at once, perhaps of several payments; without a refund nobody had paid for it."""

    refunds: list[Refund] = field(default_factory=list)
    lines: list[RefundLine] = field(default_factory=list)

    @property
    def amount(self) -> int:
        """In rupiah."""
        return sum(refund.amount for refund in self.refunds)

    @property
    def sent(self) -> bool:
        """Whether nothing of it is owed any more."""
        return all(refund.status is RefundStatus.SENT for refund in self.refunds)


def returns_of(order: Order, payments: Collection[Payment]) -> list[Return]:
    """What went back of an order, the oldest first: of the money that paid for it and of no other."""
    known = {payment.id for payment in payments}
    found: dict[str, Return] = {}
    for refund in refunds_of(order.id):
        if refund.payment_id in known:
            found.setdefault(refund.key, Return()).refunds.append(refund)
    free = Return()
    for line, of in taken_back([row.id for row in order.lines], [row.id for row in order.parcels]):
        (found.get(of.key, free) if of else free).lines.append(line)
    return [*found.values(), *([free] if free.lines else [])]


def part(order: Order, received: int, returns: Sequence[Return]) -> Data | None:
    """This part of the receipt as plain data; None when nothing went back. `received` is what came in."""
    if not returns:
        return None
    left = received - sum(one.amount for one in returns)
    return {
        "heading": _("Pengembalian"),
        "columns": [_("Tanggal"), _("Yang dikembalikan"), _c("uang", "Jumlah")],
        "rows": [[_when(one), _things(order, one), rupiah(-one.amount)] for one in returns],
        "left": [_("Dibayar setelah pengembalian"), rupiah(left)],
    }


# --- pieces -------------------------------------------------------------------------------------------


def _when(one: Return) -> str:
    days = [refund.sent_at for refund in one.refunds if refund.sent_at]
    if not one.sent:
        return _("sedang diproses")
    return short_date(max(days)) if days else "–"


def _things(order: Order, one: Return) -> list[str]:
    """What the money is for, one thing a line."""
    lines, parcels = {row.id: row for row in order.lines}, {row.id: row for row in order.parcels}
    words = []
    for row in one.lines:
        if row.order_line_id is not None:
            line = lines[row.order_line_id]
            words.append(f"{row.quantity} × {line.title}" + (f" ({line.options})" if line.options else ""))
        elif row.parcel_id is not None:
            words.append(_("Ongkos kirim %(code)s", code=parcels[row.parcel_id].code))
    if any(refund.key == SURPLUS for refund in one.refunds):
        return [_("Kelebihan bayar")]
    return words or [_("Seluruh pembayaran")]
