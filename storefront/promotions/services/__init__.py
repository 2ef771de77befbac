"""Changes of promotions, and of their uses."""

from storefront.promotions.services.terms import (
    Author,
    Terms,
    change_promotion,
    create_promotion,
    end_promotion,
    normal_code,
)
from storefront.promotions.services.uses import (
    OfferGone,
    Person,
    confirm,
    forget_people,
    give_back,
    person_of,
    take,
    take_again,
)

__all__ = (
    "Author", "OfferGone", "Person", "Terms", "change_promotion", "confirm", "create_promotion",
    "end_promotion", "forget_people", "give_back", "normal_code", "person_of", "take", "take_again",
)  # fmt: skip
