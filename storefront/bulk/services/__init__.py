"""Tables in, and many things changed at once. Every function starts at the facility of whoever asks."""

from storefront.bulk.services.columns import FIELDS, TEMPLATE, guess
from storefront.bulk.services.preview import (
    WrongMoment,
    cancel_import,
    cancel_stale,
    judge_import,
    own_import,
)
from storefront.bulk.services.reading import MAX_BYTES, MAX_ROWS, MAX_ZIP, File, start_import
from storefront.bulk.services.running import confirm_import, is_stalled, resume_import

__all__ = [
    "FIELDS", "MAX_BYTES", "MAX_ROWS", "MAX_ZIP", "TEMPLATE", "File", "WrongMoment", "cancel_import",
    "cancel_stale", "confirm_import", "guess", "is_stalled", "judge_import", "own_import", "resume_import",
    "start_import",
]  # fmt: skip
