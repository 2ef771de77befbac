"""Back office of complaints about parcels: a facility answers for its own, the office decides."""

from storefront.aftersales.staff_views.facility import bp as facility
from storefront.aftersales.staff_views.office import bp as office

BLUEPRINTS = (facility, office)

__all__ = ["BLUEPRINTS"]
