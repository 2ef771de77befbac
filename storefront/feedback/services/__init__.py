"""Every change of what buyers say back: reviews, thanks, complaints."""

from storefront.feedback.services import letters as _letters
from storefront.feedback.services.complaints import answer_complaint, close_complaint, file_complaint
from storefront.feedback.services.forgetting import forget_buyer
from storefront.feedback.services.notes import approve_note, hand_over, reject_note, submit_note
from storefront.feedback.services.purchase import AlreadyWritten, Purchase, names_to_show
from storefront.feedback.services.reviews import (
    MAX_PHOTOS,
    answer_review,
    publish_review,
    reject_review,
    submit_review,
)
from storefront.feedback.services.words import Concern, concerns

__all__ = [
    "MAX_PHOTOS",
    "AlreadyWritten",
    "Concern",
    "Purchase",
    "_letters",
    "answer_complaint",
    "answer_review",
    "approve_note",
    "close_complaint",
    "concerns",
    "file_complaint",
    "forget_buyer",
    "hand_over",
    "names_to_show",
    "publish_review",
    "reject_note",
    "reject_review",
    "submit_note",
    "submit_review",
]
