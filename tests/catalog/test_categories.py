"""The tree of shelves."""

import pytest

from storefront.catalog import services
from storefront.catalog.models import Category
from storefront.core.errors import Invalid, NotFound
from storefront.core.transactions import version
from tests import factories


def test_paths_and_addresses(db):
    top = services.create_category("  Tas &  Dompet ")
    below = services.create_category("Anyaman", top.id)
    twin = services.create_category("Anyaman")
    assert (top.name, top.slug, top.path) == ("Tas & Dompet", "tas-dompet", f"/{top.id}/")
    assert (below.path, twin.slug) == (f"/{top.id}/{below.id}/", "anyaman-2")


def test_renaming_keeps_the_address(db):
    category, before = services.create_category("Tas"), version("catalog")
    services.rename_category(category.id, "Tas dan dompet")
    assert (category.name, category.slug) == ("Tas dan dompet", "tas")
    assert version("catalog") == before + 1


@pytest.mark.parametrize("name", ["", " x ", "n" * 81])
def test_a_name_has_words(db, name):
    with pytest.raises(Invalid):
        services.create_category(name)


def test_moving_takes_everything_below_along(db):
    one, two = services.create_category("Satu"), services.create_category("Dua")
    child = services.create_category("Anak", one.id)
    grandchild = services.create_category("Cucu", child.id)
    services.move_category(child.id, two.id)
    assert child.path == f"/{two.id}/{child.id}/"
    assert grandchild.path == f"/{two.id}/{child.id}/{grandchild.id}/"
    services.move_category(child.id, None)
    assert (child.path, child.parent_id) == (f"/{child.id}/", None)
    with pytest.raises(Invalid):
        services.move_category(child.id, grandchild.id)
    with pytest.raises(Invalid):
        services.move_category(child.id, child.id)


def test_not_deeper_than_four(db):
    parent = None
    for name in ("Aa", "Bb", "Cc", "Dd"):
        parent = services.create_category(name, parent.id if parent else None)
    with pytest.raises(Invalid):
        services.create_category("Ee", parent.id)
    with pytest.raises(Invalid):
        services.move_category(db.session.query(Category).order_by(Category.id).first().id, _branch(db).id)


def _branch(db):
    return services.create_category("Lain")


def test_only_an_empty_category_is_deleted(db):
    top = services.create_category("Tas")
    below = services.create_category("Anyaman", top.id)
    factories.product(shelf=below)
    for full in (top, below):
        with pytest.raises(services.CategoryInUse):
            services.delete_category(full.id)
    empty = services.create_category("Kosong")
    services.delete_category(empty.id)
    assert db.session.query(Category).count() == 2
    with pytest.raises(NotFound):
        services.delete_category(404)


def test_a_name_with_a_percent_sign_takes_nothing_along(db):
    services.create_category("Diskon 50%")
    assert services.create_category("Diskon 50").slug == "diskon-50-2"
