"""Rows of what a facility sets up, and of what the office writes."""

from datetime import UTC, date, datetime
from typing import Any

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)

ROWS: dict[str, Any] = {
    "packagings": lambda make, n: {
        "facility_id": make.one("facilities"), "name": f"Dus {n}", "length_cm": 30, "width_cm": 20,
        "height_cm": 10, "weight": 150, "is_active": True, "created_at": AT,
    },
    "page_changes": lambda make, _n: {
        "facility_id": make.new("facilities"), "status": "waiting", "words": {}, "base": {}, "comment": "",
        "created_by_id": make.one("users"), "created_at": AT, "changed_at": AT,
    },
    "page_versions": lambda make, n: {
        "slug": "syarat", "language": "id", "number": n, "title": "Syarat", "body": "Isi", "reason": "Uji",
        "valid_from": date(2026, 11, 22), "created_at": AT, "created_by_id": make.one("users"),
    },
}  # fmt: skip
CHECKS = [
    ("page_versions", "language_known", {"language": "fr"}),
    ("page_versions", "number_positive", {"number": 0}),
    ("page_versions", "indonesian_says_something", {"body": ""}),
    ("page_versions", "has_title", {"title": ""}),
    ("page_versions", "says_why", {"reason": ""}),
    ("packagings", "size_sane", {"length_cm": 0}),
    ("packagings", "size_sane", {"width_cm": 301}),
    ("packagings", "size_sane", {"height_cm": 0}),
    ("packagings", "weight_sane", {"weight": -1}),
    ("packagings", "weight_sane", {"weight": 50_001}),
    ("page_changes", "decided_has_day", {"decided_at": AT}),
    ("page_changes", "decided_has_day", {"status": "withdrawn"}),
    ("page_changes", "returned_says_why", {"status": "returned", "decided_at": AT}),
    ("page_changes", "approved_by_another", {"status": "approved", "decided_at": AT}),
    (
        "page_changes",
        "approved_by_another",
        {"status": "approved", "decided_at": AT, "decided_by_id": "created_by_id"},
    ),
    ("page_changes", "cover_waits", {"status": "withdrawn", "decided_at": AT, "cover_id": 1}),
]

TWINS = [
    ("uq_packagings_facility_id_name", "facility_id name", {}),
    ("uq_page_changes_waiting", "facility_id", {}),
    ("uq_page_versions_slug_language_number", "slug language number", {}),
]
