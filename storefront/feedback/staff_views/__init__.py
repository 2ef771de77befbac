"""Back office of what buyers say: the office reads and decides, a facility answers and hands over."""

from storefront.feedback.staff_views.complaints import bp as complaints
from storefront.feedback.staff_views.facility import bp as facility
from storefront.feedback.staff_views.office import bp as office

BLUEPRINTS = (facility, office, complaints)

__all__ = ["BLUEPRINTS"]
