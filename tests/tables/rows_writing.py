"""Valid rows of what helps to write a product."""

from datetime import UTC, date, datetime
from typing import Any

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)

ROWS: dict[str, Any] = {
    "word_rules": lambda _make, n: {"word": f"kata {n}", "verdict": "refused", "created_at": AT},
    "hour_rates": lambda _make, n: {"valid_from": date(2026, 1, n), "amount": 5_000, "created_at": AT},
    "price_workings": lambda make, _n: {
        "product_id": make.new("products"), "material": 0, "packaging": 0, "minutes": 0, "hour_rate": 1,
        "updated_at": AT,
    },
    "product_drafts": lambda make, n: {
        "facility_id": make.one("facilities"), "key": f"key-{n}", "revision": 1, "typed": {},
        "created_at": AT, "updated_at": AT,
    },
    "draft_pictures": lambda make, _n: {
        "picture_id": make.new("pictures"), "draft_id": make.one("product_drafts"), "position": 0,
    },
}  # fmt: skip
CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("word_rules", "word_is_folded", {"word": "Napi"}),
    ("word_rules", "word_is_folded", {"word": ""}),
    ("hour_rates", "amount_sane", {"amount": 0}),
    ("hour_rates", "amount_sane", {"amount": 10_000_001}),
    ("price_workings", "material_sane", {"material": -1}),
    ("price_workings", "material_sane", {"material": 1_000_000_001}),
    ("price_workings", "packaging_sane", {"packaging": -1}),
    ("price_workings", "packaging_sane", {"packaging": 1_000_000_001}),
    ("price_workings", "minutes_sane", {"minutes": -1}),
    ("price_workings", "minutes_sane", {"minutes": 120_001}),
    ("price_workings", "rate_positive", {"hour_rate": 0}),
    ("product_drafts", "revision_counts", {"revision": 0}),
]
TWINS: list[tuple[str, str, dict[str, Any]]] = [
    ("uq_word_rules_word", "word", {}),
    ("uq_hour_rates_valid_from", "valid_from", {}),
    ("uq_product_drafts_key", "key", {}),
]
