"""Valid rows of what is kept about photos."""

from datetime import UTC, datetime
from typing import Any

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)

ROWS: dict[str, Any] = {
    "photo_gates": lambda make, _n: {
        "picture_id": make.new("pictures"), "facility_id": make.one("facilities"), "state": "rejected",
        "uploaded_by_id": make.one("users"), "sent_at": AT, "decided_by_id": make.new("users"),
        "decided_at": AT, "reason": "Tampak gembok", "mark_x": 0, "mark_y": 0, "mark_w": 1000, "mark_h": 1000,
    },
    "picture_originals": lambda make, n: {
        "picture_id": make.new("pictures"), "key": f"private/asli/{n}", "turn": 0, "crop_x": 0, "crop_y": 0,
        "crop_w": 1000, "crop_h": 1000, "keep_until": AT,
    },
}  # fmt: skip
_NO_MARK = dict.fromkeys(("mark_x", "mark_y", "mark_w", "mark_h"))
CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("photo_gates", "decided_has_moment", {"decided_at": None, "decided_by_id": None}),
    ("photo_gates", "decided_has_moment", {"state": "waiting", "reason": ""} | _NO_MARK),
    ("photo_gates", "decider_has_moment", {"state": "waiting", "reason": "", "decided_at": None} | _NO_MARK),
    ("photo_gates", "second_person", {"decided_by_id": "uploaded_by_id"}),
    ("photo_gates", "gated_has_uploader", {"uploaded_by_id": None}),
    ("photo_gates", "rejected_says_why", {"reason": ""}),
    ("photo_gates", "rejected_says_why", {"state": "withdrawn", "reason": ""}),
    ("photo_gates", "rejected_says_why", {"state": "approved"} | _NO_MARK),
    ("photo_gates", "mark_is_of_rejected", {"state": "approved", "reason": ""}),
    ("photo_gates", "mark_is_whole", {"mark_w": None}),
    ("photo_gates", "mark_is_whole", {"mark_y": None}),
    ("photo_gates", "mark_is_whole", {"mark_h": None}),
    ("photo_gates", "mark_inside", {"mark_x": 1}),
    ("photo_gates", "mark_inside", {"mark_h": 0}),
    ("picture_originals", "turn_is_right_angle", {"turn": 45}),
    ("picture_originals", "crop_inside", {"crop_y": 1}),
    ("picture_originals", "crop_inside", {"crop_w": 0}),
]
TWINS: list[tuple[str, str, dict[str, Any]]] = [("uq_picture_originals_key", "key", {})]
