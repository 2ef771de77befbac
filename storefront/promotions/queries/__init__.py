"""What promotions take off a basket, in rupiah and in words; and what the office reads of them."""

from storefront.promotions.queries.offers import code_offer, reckoned
from storefront.promotions.queries.reckoning import (
    Basket,
    Delivery,
    Goods,
    Near,
    Offer,
    Reckoning,
    Share,
    reckon,
)
from storefront.promotions.queries.words import benefit, code_words, near_words

__all__ = (
    "Basket", "Delivery", "Goods", "Near", "Offer", "Reckoning", "Share", "benefit", "code_offer",
    "code_words", "near_words", "reckon", "reckoned",
)  # fmt: skip
