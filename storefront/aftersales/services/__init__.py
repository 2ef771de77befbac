"""Every change of a complaint about a parcel, from its telling to its end."""

from storefront.aftersales.services import letters as _letters
from storefront.aftersales.services.answers import (
    GoodsAreHere,
    accept_wish,
    agree,
    decide,
    disagree,
    finish,
    hand_over,
    offer,
    reject,
    say,
    withdraw,
)
from storefront.aftersales.services.filing import Told, TooLate, open_case
from storefront.aftersales.services.forgetting import forget_cases
from storefront.aftersales.services.goods import Counted, receive_back, send_back
from storefront.aftersales.services.remedies import Proposal
from storefront.aftersales.services.rules import MAX_PHOTOS, last_day, problems
from storefront.aftersales.services.steps import IllegalStep
from storefront.aftersales.services.undelivered import Back, come_back

__all__ = [
    "MAX_PHOTOS",
    "Back",
    "Counted",
    "GoodsAreHere",
    "IllegalStep",
    "Proposal",
    "Told",
    "TooLate",
    "_letters",
    "accept_wish",
    "agree",
    "come_back",
    "decide",
    "disagree",
    "finish",
    "forget_cases",
    "hand_over",
    "last_day",
    "offer",
    "open_case",
    "problems",
    "receive_back",
    "reject",
    "say",
    "send_back",
    "withdraw",
]
