"""Back office of the catalogue: products and stock of a facility, curation and shelves of the office."""

from storefront.catalog.staff_views import beginning as _beginning
from storefront.catalog.staff_views import change_queue as _change_queue
from storefront.catalog.staff_views import editing as _editing
from storefront.catalog.staff_views import licences as _licences
from storefront.catalog.staff_views import photo_gate as _photo_gate
from storefront.catalog.staff_views import photos as _photos
from storefront.catalog.staff_views import pricing as _pricing
from storefront.catalog.staff_views import steps as _steps
from storefront.catalog.staff_views import stock_moves as _stock_moves
from storefront.catalog.staff_views import unsent as _unsent
from storefront.catalog.staff_views import variants as _variants
from storefront.catalog.staff_views.categories import bp as categories
from storefront.catalog.staff_views.changes import waiting_photos
from storefront.catalog.staff_views.collections import bp as collections
from storefront.catalog.staff_views.curation import bp as curation
from storefront.catalog.staff_views.pauses import bp as pauses
from storefront.catalog.staff_views.permits import bp as permits
from storefront.catalog.staff_views.products import bp as products
from storefront.catalog.staff_views.stock import bp as stock
from storefront.catalog.staff_views.synonyms import bp as synonyms
from storefront.catalog.staff_views.words import bp as words

BLUEPRINTS = (
    products,
    stock,
    pauses,
    curation,
    permits,
    categories,
    collections,
    synonyms,
    words,
    waiting_photos,
)

__all__ = [
    "BLUEPRINTS",
    "_beginning",
    "_change_queue",
    "_editing",
    "_licences",
    "_photo_gate",
    "_photos",
    "_pricing",
    "_steps",
    "_stock_moves",
    "_unsent",
    "_variants",
]
