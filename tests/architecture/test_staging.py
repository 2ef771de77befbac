"""What the office curates on a product on sale goes through the one door that stages it."""

import ast

from tests.architecture import source

AT_ONCE = {
    "storefront.catalog.services": {
        "update_product", "set_options", "add_variant", "add_photo", "order_photos", "describe_photo",
        "remove_photo",
    },
    "storefront.catalog.services.products": {"update_product", "write_details"},
    "storefront.catalog.services.variants": {"set_options", "add_variant", "put_variant", "rename_options"},
    "storefront.catalog.services.photos": {
        "add_photo", "hang_photo", "order_photos", "describe_photo", "remove_photo",
    },
    "storefront.catalog.services.editing": {"editing"},
}  # fmt: skip
"""What applies at once: for drafts, approval and commands, never for a page of the staff."""


def test_no_page_of_the_staff_changes_a_product_past_its_staging() -> None:
    past = []
    for path in source.files():
        if "staff_views" not in path.parts and path.name != "staff_views.py":
            continue
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.ImportFrom):
                wrong = {name.name for name in node.names} & AT_ONCE.get(node.module or "", set())
                past += [f"{source.name(path)}: {name}" for name in sorted(wrong)]
    assert not past, f"use catalog.services.staging: {', '.join(past)}"
