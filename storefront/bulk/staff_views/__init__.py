"""Back office of a facility: tables in, tables out, many things changed at once."""

from storefront.bulk.staff_views.edits import bp as edits
from storefront.bulk.staff_views.exports import bp as exports
from storefront.bulk.staff_views.imports import bp as imports

BLUEPRINTS = (imports, exports, edits)

__all__ = ["BLUEPRINTS"]
