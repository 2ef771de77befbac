"""Revenue by month, facility, channel and fair: sums of the ledger, in the WIB month of each booking.

A sale counts in the month in which its money came, a return in the month in which it went back, so a
month that was reported never changes afterwards. Of a mixed order each facility has its own lines and
its own parcel's shipping, and the order counts once for each of them (and once in the totals).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, case, func, select

from storefront.core import clock
from storefront.core.db import db
from storefront.events.models import Fair
from storefront.facilities.models import Facility
from storefront.orders.models import Order
from storefront.revenue.models import Entry, Journal, JournalKind
from storefront.revenue.queries.fairs import DISCOUNT, SALES, SHIPPING

Division = Literal["month", "facility", "channel", "fair"]


@dataclass(frozen=True, kw_only=True)
class Sums:
    """Whole rupiah and pieces of one period.

    `gross` is what was sold, `refunds` the goods that were taken back (of whatever month), both at the
    shelf's price; `discounts` what facilities bore themselves, of goods and of delivery, less what came
    back to them with goods; `shipping` what delivery cost less what went back; `pieces` sold less taken
    back; `orders` were paid in the period, taken back or not. What others bear is no discount here: it
    reaches the facility all the same.
    """

    orders: int = 0
    pieces: int = 0
    gross: int = 0
    discounts: int = 0
    shipping: int = 0
    refunds: int = 0

    @property
    def net(self) -> int:
        """Goods that stayed sold, less what the facilities gave off themselves; without shipping."""
        return self.gross - self.discounts - self.refunds

    @property
    def received(self) -> int:
        """What stands to the facilities: lines and shipping, less their own discounts and what went back."""
        return self.net + self.shipping

    @property
    def is_empty(self) -> bool:
        """Did nothing happen at all?"""
        sold = self.orders or self.pieces or self.gross or self.refunds
        return not (sold or self.discounts or self.shipping)


@dataclass(frozen=True, kw_only=True)
class Row(Sums):
    """One month, facility, channel or fair.

    `key` is 'YYYY-MM', the facility's code, the channel's word or the fair's code (empty: without a
    fair); `name` that of the facility or fair.
    """

    key: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """Rows and their totals; months in their order, everything else by what it brought."""

    by: Division
    first_month: str
    last_month: str
    rows: Sequence[Row]
    totals: Sums


def report(
    first_month: str, last_month: str, by: Division = "facility", facility_id: int | None = None
) -> Report:
    """Revenue of the WIB months 'YYYY-MM' from `first_month` to `last_month`, both included.

    With `facility_id` only that facility's lines and parcels. Two queries, whatever the size.
    """
    keys = _KEYS[by]
    within = Journal.period.between(first_month, last_month)
    mine = [within] if facility_id is None else [within, Entry.facility_id == facility_id]
    statement = _sums(*(column.label(name) for name, column in zip(("key", "name"), keys, strict=False)))
    if by == "facility":
        statement = statement.join(Facility, Facility.id == Entry.facility_id)
    elif by == "fair":
        statement = statement.outerjoin(Fair, Fair.id == Order.fair_id)
    found = db.session.execute(statement.where(*mine).group_by(*keys)).mappings()
    rows = [Row(key=str(row["key"] or ""), name=row.get("name") or "", **_numbers(row)) for row in found]
    totals = db.session.execute(_sums().where(*mine)).mappings().one()
    return Report(
        by=by, first_month=first_month, last_month=last_month, rows=_in_order(rows, by),
        totals=Sums(**_numbers(totals)),
    )  # fmt: skip


def first_booked_month() -> str | None:
    """The WIB month of the first sale that was ever booked."""
    return db.session.scalar(select(func.min(Journal.period)).where(Journal.kind == JournalKind.CAPTURE))


def months_between(first: str, last: str) -> list[str]:
    """The months from `first` to `last`, both included; none when they are the wrong way round."""
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(start, end + 1)]


def with_quiet_months(report: Report) -> Report:
    """The report by month with a row of zeros where nothing was booked, up to this month."""
    known = {row.key: row for row in report.rows}
    if not known:
        return report
    last = max(*known, min(report.last_month, clock.period(clock.now())))
    rows = [known.get(month) or Row(key=month) for month in months_between(min(known), last)]
    return Report(**{**vars(report), "rows": rows})


_KEYS: dict[Division, tuple[Any, ...]] = {
    "month": (Journal.period,),
    "facility": (Facility.code, Facility.name),
    "channel": (Order.channel,),
    "fair": (Fair.code, Fair.name),
}


def _sums(*columns: ColumnElement[Any]) -> Select[Any]:
    """The sums of `Sums` over captures and reversals, beside other columns."""
    captured, back = Journal.kind == JournalKind.CAPTURE, Journal.kind == JournalKind.REVERSAL
    sale, shipping, discount = (Entry.account == name for name in (SALES, SHIPPING, DISCOUNT))
    return (
        select(
            *columns,
            func.count(func.distinct(case((captured & sale, Order.id)))).label("orders"),
            _sum(sale, Entry.pieces).label("pieces"),
            _sum(captured & sale, -Entry.amount).label("gross"),
            _sum(discount, Entry.amount).label("discounts"),
            _sum(shipping, -Entry.amount).label("shipping"),
            _sum(back & sale, Entry.amount).label("refunds"),
        )
        .select_from(Entry)
        .join(Journal, Journal.id == Entry.journal_id)
        .join(Order, Order.id == Journal.order_id)
        .where(
            Journal.kind.in_((JournalKind.CAPTURE, JournalKind.REVERSAL)),
            Entry.account.in_((SALES, SHIPPING, DISCOUNT)),
        )
    )


def _sum(condition: ColumnElement[bool], amount: Any) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, amount), else_=0)), 0)


def _numbers(row: Any) -> dict[str, int]:
    """The sums of a row as plain ints (PostgreSQL sums integers into decimals)."""
    return {name: int(row[name]) for name in Sums.__dataclass_fields__}


def _in_order(rows: list[Row], by: Division) -> list[Row]:
    if by == "month":
        return sorted(rows, key=lambda row: row.key)
    return sorted(rows, key=lambda row: (-row.net, row.name, row.key))
