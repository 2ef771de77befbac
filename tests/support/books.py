"""Adds up stock, money and uses from the tables alone, past every service and every rule of the audit."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import text

from storefront.core.db import db

_BOOKED = """refund_lines r LEFT JOIN refunds f ON f.id = r.refund_id"""
_IS_BOOKED = """(r.refund_id IS NULL OR f.status = 'sent')"""


def rows(statement: str, **values: Any) -> list[Mapping[str, Any]]:
    """What the database answers, each row by the names of its columns."""
    return list(db.session.execute(text(statement), values).mappings())


def number(statement: str, **values: Any) -> int:
    """The single number that the database answers; nothing is 0."""
    return int(db.session.execute(text(statement), values).scalar() or 0)


def fingerprint() -> tuple[int, ...]:
    """Changes whenever anything about stock, money or uses does."""
    counted = (
        "orders",
        "order_events",
        "payments",
        "refunds",
        "refund_lines",
        "entries",
        "stock_movements",
        "outbox",
    )
    sums = [f"(SELECT count(*) FROM {table})" for table in counted]
    sums += ["(SELECT sum(on_hand * 3 + reserved) FROM stock_levels)", "(SELECT sum(used) FROM promotions)"]
    sums += [
        "(SELECT sum(booked) FROM production_slots)",
        "(SELECT count(*) FROM refunds WHERE status = 'sent')",
    ]
    [found] = db.session.execute(text("SELECT " + ", ".join(sums))).all()
    return tuple(int(value or 0) for value in found)


def faults(came_in: Mapping[int, int], facilities: Collection[int] | None = None) -> Iterator[str]:
    """Everything that does not add up. `came_in`: pieces of each variant ever received or found by counts."""
    yield from _stock(came_in)
    yield from _ledger()
    yield from _facilities(facilities)
    yield from _refunds()
    yield from _uses()


def _stock(came_in: Mapping[int, int]) -> Iterator[str]:
    levels = rows(
        """SELECT l.variant_id, l.on_hand, l.reserved, l.id, c.kind = 'storeroom' AS sells,
            (SELECT coalesce(sum(on_hand_delta), 0) FROM stock_movements WHERE level_id = l.id) AS moved,
            (SELECT coalesce(sum(-on_hand_delta), 0) FROM stock_movements
                WHERE level_id = l.id AND kind = 'written_off') AS lost,
            (SELECT coalesce(sum(on_hand_delta), 0) FROM stock_movements
                WHERE level_id = l.id AND once LIKE 'kembali-%') AS back,
            (SELECT coalesce(sum(on_hand), 0) FROM stock_levels x
                WHERE x.variant_id = l.variant_id AND x.id <> l.id) AS away,
            (SELECT coalesce(sum(quantity), 0) FROM reservations
                WHERE level_id = l.id AND state = 'active') AS held,
            (SELECT coalesce(sum(i.quantity), 0) FROM parcel_items i JOIN parcels p ON p.id = i.parcel_id
                JOIN order_lines o ON o.id = i.order_line_id JOIN orders d ON d.id = o.order_id
                WHERE o.variant_id = l.variant_id AND p.status <> 'cancelled' AND d.paid_at IS NOT NULL
            ) AS parcelled
        FROM stock_levels l JOIN locations c ON c.id = l.location_id"""
    )
    for row in levels:
        if not 0 <= row["reserved"] <= row["on_hand"]:
            yield f"negative or oversold: {dict(row)}"
        if (row["moved"], row["held"]) != (row["on_hand"], row["reserved"]):
            yield f"movements or holds differ from the level: {dict(row)}"
        # What came back lies on the shelf or is lost, and stands in the parcel that it left in, too.
        here = row["on_hand"] + row["away"] + row["parcelled"] + row["lost"] - row["back"]
        if row["sells"] and here != came_in[row["variant_id"]]:
            yield f"pieces appeared or vanished, {came_in[row['variant_id']]} came in: {dict(row)}"
    if number("SELECT count(*) FROM production_slots WHERE booked < 0 OR booked > capacity"):
        yield "a week is booked beyond its capacity"


def _ledger() -> Iterator[str]:
    if rows("SELECT journal_id FROM entries GROUP BY journal_id HAVING sum(amount) <> 0"):
        yield "a journal does not sum to 0"
    cleared = rows(
        "SELECT account, sum(amount) AS stands FROM entries WHERE account LIKE 'clearing:%' GROUP BY account"
    )
    for row in cleared:
        provider = row["account"].partition(":")[2]
        came = number("SELECT sum(amount) FROM payments WHERE provider = :p AND currency = 'IDR'", p=provider)
        went = number(
            """SELECT sum(f.amount) FROM refunds f JOIN payments p ON p.id = f.payment_id
            WHERE p.provider = :p AND p.currency = 'IDR' AND f.status = 'sent'""", p=provider,
        )  # fmt: skip
        if row["stands"] != came - went:
            yield f"{row['account']} is {row['stands']}, but {came} came and {went} went"
    kept = rows(
        """SELECT j.order_id, e.amount FROM entries e JOIN journals j ON j.id = e.journal_id
        WHERE j.kind = 'capture' AND e.account = 'rounding' AND e.amount < -2 * 999"""
    )
    if kept:
        yield f"more than a unique code and as little again was kept: {[dict(row) for row in kept]}"
    if rows("SELECT provider FROM payments GROUP BY provider, reference HAVING count(*) > 1"):
        yield "one reference, two payments"


def _facilities(only: Collection[int] | None) -> Iterator[str]:
    """What stands to a facility is what it sold and sent, less what went back (None: to any of them)."""
    captured = "(SELECT order_id FROM journals WHERE kind = 'capture')"
    back = {
        row["order_line_id"]: row["n"]
        for row in rows(
            f"""SELECT r.order_line_id, sum(r.quantity) AS n FROM {_BOOKED}
            WHERE r.order_line_id IS NOT NULL AND {_IS_BOOKED} GROUP BY r.order_line_id"""
        )
    }
    parts = rows(
        f"""SELECT r.order_line_id, r.earlier, r.quantity FROM {_BOOKED}
        WHERE r.order_line_id IS NOT NULL AND {_IS_BOOKED}"""
    )
    for place in rows("SELECT id FROM facilities"):
        if only is not None and place["id"] not in only:
            continue
        lines = rows(
            f"SELECT id, total, quantity FROM order_lines WHERE facility_id = :f AND order_id IN {captured}",
            f=place["id"],
        )
        goods = sum(line["total"] for line in lines)
        by_id = {line["id"]: line for line in lines}
        for part in parts:
            line = by_id.get(part["order_line_id"])
            if line is not None:
                upto, before = part["earlier"] + part["quantity"], part["earlier"]
                goods -= line["total"] * upto // line["quantity"] - line["total"] * before // line["quantity"]
        if any(back.get(line["id"], 0) > line["quantity"] for line in lines):
            yield f"more went back than facility {place['id']} sold"
        sent = number(
            f"""SELECT sum(shipping_cost) FROM parcels p WHERE facility_id = :f AND order_id IN {captured}
            AND NOT EXISTS (SELECT 1 FROM {_BOOKED} WHERE r.parcel_id = p.id AND {_IS_BOOKED})""",
            f=place["id"],
        )  # fmt: skip
        for account, expected in (("sales", goods), ("shipping", sent)):
            stands = -number(
                "SELECT sum(amount) FROM entries WHERE account = :a AND facility_id = :f",
                a=account,
                f=place["id"],
            )
            if stands != expected:
                yield f"facility {place['id']}: {account} are {stands}, should be {expected}"


def _refunds() -> Iterator[str]:
    over = rows(
        """SELECT p.id FROM payments p JOIN refunds f ON f.payment_id = p.id
        GROUP BY p.id, p.amount HAVING sum(f.amount) > p.amount"""
    )
    if over:
        yield f"more is promised back than came in: payments {[row['id'] for row in over]}"
    wrong = rows(
        """SELECT o.id, o.refund_due, coalesce(sum(f.amount), 0) AS owed FROM orders o
        LEFT JOIN refunds f ON f.order_id = o.id AND f.status <> 'sent' GROUP BY o.id, o.refund_due
        HAVING o.refund_due <> coalesce(sum(f.amount), 0)"""
    )
    yield from (f"what is owed to a buyer is not what is due: {dict(row)}" for row in wrong)
    generous = rows(
        """SELECT f.id FROM refunds f JOIN refund_lines r ON r.refund_id = f.id
        WHERE EXISTS (SELECT 1 FROM order_lines o WHERE o.order_id = f.order_id AND o.quantity > (
            SELECT coalesce(sum(x.quantity), 0) FROM refund_lines x WHERE x.order_line_id = o.id))
        GROUP BY f.id, f.amount HAVING f.amount > sum(r.amount)"""
    )
    if generous:
        yield f"more goes back than was paid for these pieces: refunds {[row['id'] for row in generous]}"
    if number("SELECT count(*) FROM orders WHERE total < 0 OR refund_due < 0"):
        yield "an order below zero"


def _uses() -> Iterator[str]:
    wrong = rows(
        """SELECT p.id, p.used, p.total_limit,
            (SELECT count(*) FROM promotion_uses u
                WHERE u.promotion_id = p.id AND u.state <> 'released') AS live
        FROM promotions p"""
    )
    for row in wrong:
        if row["used"] != row["live"] or (
            row["total_limit"] is not None and row["used"] > row["total_limit"]
        ):
            yield f"uses of a promotion: {dict(row)}"
    if rows(
        """SELECT o.id FROM orders o LEFT JOIN order_discounts d ON d.order_id = o.id
        GROUP BY o.id, o.discount HAVING o.discount <> coalesce(sum(d.amount), 0)"""
    ):
        yield "an order's discount is not the sum of its discounts"
