"""What a price should be at the least, told from what one piece takes. Nothing here touches the database.

A suggestion, never a rule: the facility decides its prices. The sums are whole rupiah; a minute counts its
share of the hour. What the shop, a voucher or the way to the buyer take is not in it.
"""

STEP = 500
"""Rupiah to which a suggestion is rounded up: prices end like that."""
HOUR = 60
"""Minutes."""


def work_worth(minutes: int, hour_worth: int) -> int:
    """What so many minutes of work count, in rupiah, rounded up."""
    return -(-minutes * hour_worth // HOUR)


def suggested_price(material_cost: int | None, work_minutes: int | None, hour_worth: int) -> int | None:
    """Material (rupiah) and work (minutes, at `hour_worth` rupiah an hour), rounded up to STEP.

    None when neither is known, or both are nothing: then there is nothing to tell a price from.
    """
    cost = (material_cost or 0) + work_worth(work_minutes or 0, hour_worth)
    return -(-cost // STEP) * STEP if cost else None


def is_below_material(price: int | None, material_cost: int | None) -> bool:
    """Does a piece bring less than its material costs, so that each one sold is a loss?"""
    return price is not None and material_cost is not None and price < material_cost
