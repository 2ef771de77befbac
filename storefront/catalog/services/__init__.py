"""Every change of the catalogue. Staff views look up the product at their facility first."""

from storefront.catalog.services.categories import (
    CategoryInUse,
    create_category,
    delete_category,
    move_category,
    place_category,
    rename_category,
)
from storefront.catalog.services.curation import (
    STATUS_WORDS,
    Changed,
    WrongStep,
    publish_product,
    restart_product,
    return_product,
    state_of,
    submit_product,
    take_back,
    withdraw_product,
)
from storefront.catalog.services.editing import Incomplete, Withdrawn, missing_for_publication
from storefront.catalog.services.index import rebuild_index
from storefront.catalog.services.photos import (
    MAX_PHOTOS,
    add_photo,
    describe_photo,
    order_photos,
    remove_photo,
)
from storefront.catalog.services.products import (
    LABELS,
    Details,
    create_product,
    feature_product,
    update_product,
)
from storefront.catalog.services.traces import told
from storefront.catalog.services.variants import (
    VariantDetails,
    add_variant,
    archive_variant,
    restore_variant,
    set_options,
    update_variant,
)

__all__ = [
    "LABELS",
    "MAX_PHOTOS",
    "STATUS_WORDS",
    "CategoryInUse",
    "Changed",
    "Details",
    "Incomplete",
    "VariantDetails",
    "Withdrawn",
    "WrongStep",
    "add_photo",
    "add_variant",
    "archive_variant",
    "create_category",
    "create_product",
    "delete_category",
    "describe_photo",
    "feature_product",
    "missing_for_publication",
    "move_category",
    "order_photos",
    "place_category",
    "publish_product",
    "rebuild_index",
    "remove_photo",
    "rename_category",
    "restart_product",
    "restore_variant",
    "return_product",
    "set_options",
    "state_of",
    "submit_product",
    "take_back",
    "told",
    "update_product",
    "update_variant",
    "withdraw_product",
]
