"""The back office's first pages, one file a kind of desk."""

from storefront.desk.staff_views.acts import bp as acts
from storefront.desk.staff_views.changes import BLUEPRINTS as CHANGES
from storefront.desk.staff_views.facility import bp as facility
from storefront.desk.staff_views.funding import BLUEPRINTS as FUNDING
from storefront.desk.staff_views.guide import bp as guide
from storefront.desk.staff_views.making import bp as making
from storefront.desk.staff_views.office import bp as office
from storefront.desk.staff_views.people import bp as own_people
from storefront.desk.staff_views.promoter import bp as promoter
from storefront.desk.staff_views.recall import bp as recalls
from storefront.desk.staff_views.settings import bp as settings

__all__ = [
    "CHANGES", "FUNDING", "acts", "facility", "guide", "making", "office", "own_people", "promoter",
    "recalls", "settings",
]  # fmt: skip
