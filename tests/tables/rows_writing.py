"""Valid rows of what helps to write a product."""

from datetime import UTC, datetime
from typing import Any

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)

ROWS: dict[str, Any] = {
    "word_rules": lambda _make, n: {"word": f"kata {n}", "verdict": "refused", "created_at": AT},
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
    ("product_drafts", "revision_counts", {"revision": 0}),
]
TWINS: list[tuple[str, str, dict[str, Any]]] = [
    ("uq_word_rules_word", "word", {}),
    ("uq_product_drafts_key", "key", {}),
]
