"""A valid row of every table that has rules of its own, written past the services."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert

from storefront.core.db import db
from storefront.shipping.models import Service, Zone
from tests.tables.rows_photos import ROWS as PHOTOS
from tests.tables.rows_settings import ROWS as SETTINGS
from tests.tables.rows_writing import ROWS as WRITING

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
Values = dict[str, Any]


class Maker:
    """Makes rows whose unique columns differ from one another. Call inside a transaction."""

    def __init__(self) -> None:
        self.made: Counter[str] = Counter()
        self.kept: dict[str, int] = {}

    def values(self, table: str) -> Values:
        """What a new, valid row would hold; the rows that it points to are stored already."""
        self.made[table] += 1
        return ROWS[table](self, self.made[table])

    def new(self, table: str, **changes: Any) -> int:
        """Store a new row; its id."""
        return self.store(table, self.values(table) | changes)

    def store(self, table: str, values: Values) -> int:
        """Store these values; the row's id."""
        result = db.session.execute(insert(table_of(table)).values(**values))
        return int(result.inserted_primary_key[0]) if table != "versions" else 0

    def one(self, table: str) -> int:
        """The id of a row that many others may point to."""
        if table not in self.kept:
            self.kept[table] = self.new(table)
        return self.kept[table]


def table_of(name: str) -> Table:
    """A table of the shop by its name."""
    return db.metadata.tables[name]


def _order(_make: Maker, n: int) -> Values:
    return {
        "number": f"WBP-{n}", "token": f"token-{n}", "cart_id": n, "client_id": f"client-{n}",
        "status": "pending",
        "customer_name": "Siti", "phone": "+6281200001111", "method": "delivery", "subtotal": 100,
        "shipping": 20,
        "discount": 0, "total": 120, "payment_method": "card", "pay_by": AT, "placed_at": AT,
    }  # fmt: skip


def _parcel(make: Maker, n: int) -> Values:
    return {
        "order_id": make.one("orders"), "facility_id": make.new("facilities"), "code": f"WBP-{n}-A",
        "status": "waiting", "method": "delivery", "service": "regular", "service_label": "Reguler",
        "shipping_cost": 0, "weight": 1,
    }  # fmt: skip


def _order_line(make: Maker, n: int) -> Values:
    return {
        "order_id": make.one("orders"), "facility_id": make.one("facilities"),
        "sku": f"S{n}", "title": "Tas", "facility_name": "Lapas", "unit_price": 50, "quantity": 2,
        "total": 100,
        "weight": 1,
    }  # fmt: skip


def _discount(make: Maker, _n: int) -> Values:
    make.one("parcels")  # whose delivery a row could be about instead
    return {
        "order_id": make.one("orders"), "promotion_id": make.one("promotions"), "label": "Diskon",
        "funder": "office", "order_line_id": make.new("order_lines"), "parcel_id": None, "amount": 1,
    }  # fmt: skip


def _refund_line(make: Maker, _n: int) -> Values:
    make.one("parcels")  # the first of them, for who wants shipping to go back instead
    return {
        "refund_id": make.one("refunds"), "order_line_id": make.new("order_lines"), "parcel_id": None,
        "quantity": 1, "earlier": 0, "amount": 1,
    }  # fmt: skip


def _attempt(make: Maker, n: int) -> Values:
    return {
        "order_id": make.one("orders"), "number": n, "provider": "transfer", "status": "started",
        "amount": 1000 + n, "unique_code": n, "account_id": make.one("merchant_accounts"),
        "idempotency_key": f"key-{n}", "reference": f"reference-{n}", "expires_at": AT, "created_at": AT,
    }  # fmt: skip


def _product(make: Maker, n: int) -> Values:
    return {
        "facility_id": make.one("facilities"), "slug": f"tas-{n}", "title": "Tas", "supply": "ready",
        "status": "published", "price_from": 1, "price_to": 1, "photo_id": make.one("pictures"),
        "lead_days": 0,
        "weekly_capacity": 1, "max_per_order": 1, "option_names": [], "created_at": AT, "updated_at": AT,
    }  # fmt: skip


def _rate(_make: Maker, n: int) -> Values:
    return {
        "zone": list(Zone)[n % 5], "service": list(Service)[n // 5 % 3], "first_kg": 0, "next_kg": 0,
        "minimum_kg": 1, "days_min": 1, "days_max": 1, "divisor": 6000, "label": "Reguler", "updated_at": AT,
    }  # fmt: skip


def _claim(make: Maker, _n: int) -> Values:
    return {
        "attempt_id": make.new("payment_attempts"), "status": "confirmed", "submitted_at": AT,
        "checked_by_id": make.one("users"), "confirmed_by_id": make.new("users"),
    }  # fmt: skip


def _complaint_case(make: Maker, n: int) -> Values:
    return {
        "reference": f"KEL-{n}", "order_id": make.one("orders"), "parcel_id": make.new("parcels"),
        "facility_id": make.one("facilities"), "status": "accepted", "problem": "damaged", "wish": "refund",
        "text": "Retak", "opened_at": AT, "decide_by": AT, "answer_by": AT, "closed_at": None,
        "remedy": "refund", "with_shipping": False, "wants_goods": True, "return_status": "sent",
        "waybill": "AB123", "received_at": None, "refund_id": make.new("refunds"), "exchange_id": None,
    }  # fmt: skip


ROWS: dict[str, Callable[[Maker, int], Values]] = WRITING | PHOTOS | SETTINGS | {
    "versions": lambda _make, n: {"name": f"subject-{n}", "value": 1},
    "outbox": lambda _make, n: {
        "kind": "letter", "payload": {}, "key": f"key-{n}", "state": "ready", "run_at": AT, "attempts": 0,
        "created_at": AT,
    },
    "pictures": lambda _make, n: {
        "key": f"foto/{n}", "width": 1, "height": 1, "tone": "#ffffff", "widths": [1], "created_at": AT,
    },
    "audit_entries": lambda _make, n: {
        "number": n, "at": AT, "action": "stock.counted", "subject": "variant", "subject_id": "1",
        "facts": {},
        "previous": f"{n - 1:064}", "hash": f"{n:064}",
    },
    "audit_head": lambda _make, _n: {"id": 1, "entries": 0, "hash": "0" * 64},
    "users": lambda _make, n: {
        "email": f"orang{n}@contoh.id", "name": "Orang", "role": "regional", "created_at": AT,
    },
    "user_sessions": lambda make, n: {
        "token_hash": f"hash-{n}", "user_id": make.one("users"), "address": "", "user_agent": "",
        "created_at": AT,
        "last_seen_at": AT, "expires_at": AT,
    },
    "second_factors": lambda make, n: {
        "user_id": make.new("users"), "secret": f"sealed-{n}", "confirmed_at": AT, "last_step": n,
    },
    "password_links": lambda make, n: {
        "token_hash": f"hash-{n}", "user_id": make.one("users"), "expires_at": AT,
    },
    "facilities": lambda _make, n: {
        "code": f"L{n}", "slug": f"lapas-{n}", "name": "Lapas", "kind": "lapas", "class": "IIA",
        "town": "Serang",
        "regency_code": "36.73", "created_at": AT,
    },
    "workshops": lambda make, n: {"facility_id": make.one("facilities"), "name": f"Bengkel {n}"},
    "memberships": lambda make, _n: {
        "user_id": make.new("users"), "facility_id": make.new("facilities"), "created_at": AT,
    },
    "merchant_accounts": lambda make, n: {
        "bank": "Bank", "number": f"{n}", "holder": "Koperasi", "valid_from": date(2026, 1, 2),
        "valid_until": date(2026, 1, 2), "created_at": AT, "status": "approved",
        "created_by_id": make.one("users"), "decided_by_id": make.new("users"),
        "facility_id": make.one("facilities"), "qris_payload": "000201", "nmid": "ID1020000000001",
    },
    "categories": lambda _make, n: {"slug": f"rak-{n}", "name": "Rak"},
    "products": _product,
    "variants": lambda make, n: {
        "product_id": make.one("products"), "sku": f"S{n}", "label": f"merah {n}", "option_values": [],
        "price": 1,
        "weight": 1, "length_cm": 1, "width_cm": 1, "height_cm": 1,
    },
    "product_photos": lambda make, _n: {
        "product_id": make.one("products"), "picture_id": make.new("pictures"),
    },
    "curation_events": lambda make, _n: {"product_id": make.one("products"), "to_status": "draft", "at": AT},
    "product_changes": lambda make, _n: {
        "product_id": make.new("products"), "status": "submitted", "revision": 1, "fields": {}, "base": {},
        "comment": "Foto kabur", "marked": [], "created_at": AT, "updated_at": AT, "submitted_at": AT,
        "decided_at": AT,
    },
    "change_events": lambda make, _n: {
        "change_id": make.one("product_changes"), "step": "submitted", "marked": [], "fields": {}, "base": {},
        "at": AT,
    },
    "change_photos": lambda make, _n: {
        "picture_id": make.new("pictures"), "product_id": make.one("products"),
    },
    "product_tags": lambda make, n: {"product_id": make.one("products"), "tag": f"label {n}"},
    "collections": lambda _make, n: {
        "slug": f"koleksi-{n}", "title": "Oleh-oleh", "kind": "hand", "rule": {}, "created_at": AT,
        "updated_at": AT,
    },
    "message_texts": lambda make, _n: {
        "facility_id": make.new("facilities"), "kind": "late", "body": "Mohon maaf", "updated_at": AT,
    },
    "batches": lambda make, n: {
        "variant_id": make.one("variants"), "code": f"B{n}", "made_on": date(2026, 1, 2),
        "best_before": date(2026, 6, 2), "sell_until": date(2026, 5, 2), "left_over": 1, "blocked_at": AT,
        "blocked_reason": "Berjamur", "created_at": AT,
    },
    "batch_moves": lambda make, _n: {
        "batch_id": make.one("batches"), "kind": "received", "delta": 1, "at": AT,
    },
    "food_rules": lambda make, _n: {
        "category_id": make.new("categories"), "need": "permit", "valid_from": date(2026, 1, 2),
        "legal_ref": "BPOM 31/2018", "created_at": AT,
    },
    "food_licences": lambda make, n: {
        "product_id": make.one("products"), "kind": "pirt", "number": f"{n:013}-29", "created_at": AT,
    },
    "reviews": lambda make, _n: {
        "product_id": make.one("products"), "facility_id": make.one("facilities"),
        "order_line_id": make.new("order_lines"), "product_title": "Tas", "author": "Siti R.", "rating": 5,
        "text": "Bagus", "status": "published", "created_at": AT, "decided_at": AT, "answer": "Terima kasih",
        "answered_at": AT,
    },
    "review_photos": lambda make, _n: {
        "review_id": make.one("reviews"), "picture_id": make.new("pictures"),
    },
    "thank_you_notes": lambda make, _n: {
        "facility_id": make.one("facilities"), "order_line_id": make.new("order_lines"),
        "product_title": "Tas", "text": "Terima kasih", "status": "delivered", "created_at": AT,
        "decided_at": AT, "delivered_at": AT,
    },
    "complaints": lambda _make, n: {
        "reference": f"ADU-{n}", "name": "Siti", "phone": "+6281200001111", "topic": "goods",
        "text": "Tasnya robek", "status": "closed", "created_at": AT, "answer": "Kami ganti",
        "answered_at": AT, "closed_at": AT,
    },
    "fairs": lambda _make, n: {
        "code": f"F{n}", "slug": f"pameran-{n}", "name": "Pameran", "venue": "Serang", "organiser": "Pemprov",
        "starts_on": date(2026, 1, 2), "ends_on": date(2026, 1, 2), "target": 0, "created_at": AT,
    },
    "locations": lambda make, n: {"facility_id": make.one("facilities"), "name": f"Rak {n}", "kind": "fair"},
    "stock_levels": lambda make, _n: {
        "location_id": make.new("locations"), "variant_id": make.new("variants"), "on_hand": 5, "reserved": 5,
    },
    "stock_movements": lambda make, _n: {
        "level_id": make.one("stock_levels"), "kind": "received", "on_hand_delta": 1, "reserved_delta": 0,
        "at": AT, "transfer_id": make.one("stock_transfers") and None,
    },
    "imports": lambda make, _n: {
        "facility_id": make.one("facilities"), "name": "tabel.csv", "status": "done", "headings": ["sku"],
        "mapping": ["sku"], "zip_key": "", "zip_name": "", "language": "id", "created_at": AT,
        "updated_at": AT, "confirmed_at": AT, "finished_at": AT,
    },
    "import_rows": lambda make, n: {
        "import_id": make.one("imports"), "number": n, "cells": ["A"], "values": {}, "sku": "LP1-A",
        "family": "", "verdict": "new", "changes": {}, "problems": [], "notes": [], "done_at": AT,
    },
    "bulk_edits": lambda make, n: {
        "facility_id": make.one("facilities"), "once": f"once-{n}", "kind": "price", "changes": [], "at": AT,
    },
    "notices": lambda _make, n: {
        "once": f"mark-{n}", "title": "Rapat", "body": "Senin pukul 9", "last_day": date(2026, 1, 5),
        "for_all": True, "created_at": AT,
    },
    "closing_days": lambda make, _n: {
        "facility_id": make.one("facilities"), "first": date(2026, 1, 5), "last": date(2026, 1, 6),
        "reason": "Renovasi", "created_at": AT,
    },
    "workshop_weeks": lambda make, n: {
        "workshop_id": make.one("workshops"), "week": date(2026, 1, 5) + timedelta(weeks=n), "capacity": 1,
        "booked": 1,
    },
    "stock_transfers": lambda make, _n: {
        "variant_id": make.one("variants"), "from_id": make.new("locations"), "to_id": make.new("locations"),
        "quantity": 1, "at": AT,
    },
    "production_slots": lambda make, n: {
        "product_id": make.one("products"), "week": date(2026, 1, 5) + timedelta(weeks=n), "capacity": 1,
        "booked": 1,
    },
    "reservations": lambda make, _n: {
        "order_id": make.one("orders"), "variant_id": make.one("variants"),
        "level_id": make.one("stock_levels"),
        "slot_id": None, "quantity": 1, "state": "active", "expires_at": AT, "created_at": AT,
    },
    "carts": lambda _make, n: {"token_hash": f"hash-{n}", "created_at": AT, "updated_at": AT},
    "cart_lines": lambda make, n: {
        "cart_id": make.one("carts"), "variant_id": make.one("variants"), "quantity": 999, "note": f"{n}",
        "price_seen": 1, "added_at": AT,
    },
    "saved_products": lambda make, _n: {
        "user_id": make.one("users"), "product_id": make.new("products"), "price_seen": 1, "saved_at": AT,
    },
    "orders": _order,
    "parcels": _parcel,
    "order_lines": _order_line,
    "parcel_items": lambda make, _n: {
        "parcel_id": make.one("parcels"), "order_line_id": make.new("order_lines"), "quantity": 1,
    },
    "promotions": lambda _make, n: {
        "code": f"KODE{n}", "name": "Diskon", "kind": "percent", "value": 10, "starts_on": date(2026, 1, 2),
        "ends_on": date(2026, 1, 2), "scope": "everything", "minimum": 0, "maximum": 1, "total_limit": 1,
        "person_limit": 1, "used": 1, "funder": "office", "created_at": AT,
    },
    "promotion_uses": lambda make, _n: {
        "promotion_id": make.one("promotions"), "order_id": make.new("orders"), "person_key": "a" * 64,
        "amount": 1, "state": "held", "held_at": AT, "changed_at": AT,
    },
    "promotion_people": lambda make, n: {
        "promotion_id": make.one("promotions"), "key": f"{n:064}", "used": 1, "most": 1,
    },
    "order_discounts": _discount,
    "order_events": lambda make, _n: {"order_id": make.one("orders"), "kind": "order", "at": AT},
    "shipping_rates": _rate,
    "rate_sources": lambda _make, n: {"provider": f"penyedia-{n}"},
    "cached_places": lambda _make, n: {"provider": "biteship", "place": f"pos:{n}", "fetched_at": AT},
    "cached_rates": lambda make, n: {
        "provider": "biteship", "facility_id": make.one("facilities"), "district_code": "36.71.05",
        "kilograms": n, "offers": [], "fetched_at": AT,
    },
    "waybill_links": lambda _make, n: {
        "courier": f"Kurir {n}", "pattern": "https://kurir.id/{resi}", "updated_at": AT,
    },
    "tracking_events": lambda make, n: {
        "parcel_id": make.one("parcels"), "provider": "biteship", "at": AT, "words": f"Kabar {n}",
        "delivered": False, "recorded_at": AT,
    },
    "fresh_areas": lambda make, n: {
        "facility_id": make.one("facilities"), "district_code": f"36.71.{n:02}", "district_label": "Cipondoh",
        "weekdays": 1, "cost": 0, "cutoff": 600, "notice_days": 1,
    },
    "closed_days": lambda make, n: {
        "facility_id": make.one("facilities"), "day": date(2026, 1, 1) + timedelta(days=n),
    },
    "order_drafts": lambda make, n: {
        "created_by_id": make.one("users"), "source": "phone", "cart_token": f"token-{n}", "typed": {},
        "order_id": make.new("orders"), "created_at": AT, "updated_at": AT,
    },
    "cash_receipts": lambda make, _n: {
        "order_id": make.new("orders"), "amount": 1, "taken_by_id": make.one("users"), "taken_at": AT,
        "counted_by_id": make.new("users"), "counted_at": AT,
    },
    "payment_attempts": _attempt,
    "payments": lambda _make, n: {
        "provider": "stripe", "reference": f"pi_{n}", "amount": 1, "received_at": AT, "recorded_at": AT,
    },
    "payment_events": lambda make, n: {
        "kind": "charged", "provider": "stripe", "reference": f"pi_{n}", "payment_id": make.new("payments"),
        "amount": 1, "at": AT,
    },
    "refunds": lambda make, n: {
        "payment_id": make.new("payments"), "amount": 1, "status": "sent", "reference": f"re_{n}",
        "requested_at": AT, "key": f"key-{n}",
    },
    "refund_lines": _refund_line,
    "complaint_cases": _complaint_case,
    "complaint_items": lambda make, _n: {
        "case_id": make.one("complaint_cases"), "order_line_id": make.new("order_lines"), "quantity": 2,
        "granted": 2, "restocked": 1, "written_off": 1,
    },
    "complaint_photos": lambda make, n: {
        "case_id": make.one("complaint_cases"), "key": f"private/keluhan/{n}", "added_at": AT,
    },
    "complaint_entries": lambda make, _n: {
        "case_id": make.one("complaint_cases"), "party": "facility", "actor_id": make.one("users"),
        "to_status": "open", "text": "Retak", "at": AT,
    },
    "invoices": lambda make, n: {
        "order_id": make.new("orders"), "merchant": "KANWIL", "seller": "Koperasi", "period": "2026-11",
        "sequence": n, "number": f"INV/2026/11/KANWIL/{n:06}", "issued_at": AT,
    },
    "invoice_taxes": lambda make, _n: {
        "invoice_id": make.new("invoices"), "facility_id": make.one("facilities"), "price": 0,
        "account_id": make.one("merchant_accounts"), "seller": "Koperasi", "profile": "ppn_effective_11",
    },
    "invoice_counters": lambda _make, n: {"merchant": f"LP{n}", "period": "2026-11", "last": 0},
    "provider_events": lambda _make, n: {
        "provider": "stripe", "event_id": f"evt_{n}", "kind": "paid", "payload": {}, "received_at": AT,
    },
    "transfer_claims": _claim,
    "cases": lambda make, _n: {"kind": "late", "payment_id": make.new("payments"), "opened_at": AT},
    "journals": lambda make, n: {
        "key": f"capture:{n}", "kind": "capture", "at": AT, "period": "2026-11",
        "reverses_id": make.new("journals", reverses_id=None) if n % 2 else None,
    },
    "entries": lambda make, _n: {"journal_id": make.one("journals"), "account": "sales", "amount": 1},
}  # fmt: skip
