"""What is typed about a product that is there: kept, offered again, not public, not over anybody else's."""

from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from storefront.catalog.models import Product, ProductChange, ProductDraft
from storefront.catalog.services.unsent import keep_unsent
from storefront.facilities.models import Facility
from tests import factories
from tests.checkout.test_races import at_once
from tests.support import html
from tests.support.client import Client

LIST = "/petugas/produk"


def details(client: Client, product_id: int) -> Any:
    """The form of the words of a product."""
    return client.page(f"{LIST}/{product_id}").form(f"{LIST}/{product_id}")


def keep(client: Client, product_id: int, **typed: Any) -> Any:
    """What the script sends: the whole form, with what was typed in it."""
    body = html.values(details(client, product_id)) | typed
    return client.post(f"{LIST}/{product_id}/simpan-otomatis", data=body)


def save(client: Client, product_id: int, **typed: Any) -> Any:
    return client.post(f"{LIST}/{product_id}", data=html.values(details(client, product_id)) | typed)


def drafts(db: SQLAlchemy) -> list[dict[str, str]]:
    db.session.rollback()
    return list(db.session.scalars(select(ProductDraft.typed)))


def shown(client: Client, product_id: int, name: str) -> str:
    return str(html.values(details(client, product_id))[name][0])


@pytest.mark.parametrize("status", ["draft", "published"])
def test_what_is_typed_is_kept_and_offered_again_and_nothing_is_public(
    staff: Client, db: SQLAlchemy, facility: Facility, status: str
) -> None:
    product_id = factories.product(facility, title="Tas lama", status=status, stock=1).id
    answer = keep(staff, product_id, title="Tas baru", materials="Katun", is_unique="y")
    assert (answer.status_code, answer.json["revision"]) == (200, 1)
    assert drafts(db) == [{"title": "Tas baru", "materials": "Katun", "is_unique": "y"}], "only what differs"
    product = db.session.get_one(Product, product_id)
    assert (product.title, product.materials, product.is_unique) == ("Tas lama", "", False)
    assert db.session.scalar(select(func.count()).select_from(ProductChange)) == 0
    page = staff.page(f"{LIST}/{product_id}")
    assert "belum menyimpannya" in page.one("section", id="isian").text
    assert shown(staff, product_id, "title") == "Tas baru"
    assert shown(staff, product_id, "is_unique") == "y"
    assert "1 produk dengan ketikan yang belum disimpan" in staff.page(LIST).text
    assert "formulir belum selesai" not in staff.page(LIST).text
    assert save(staff, product_id).status_code == 303
    assert drafts(db) == []
    assert shown(staff, product_id, "title") == "Tas baru"
    assert "belum menyimpannya" not in staff.get(f"{LIST}/{product_id}").text


def test_what_cannot_be_read_is_said_and_kept_word_for_word(
    staff: Client, db: SQLAlchemy, facility: Facility
) -> None:
    product_id = factories.product(facility, status="draft").id
    answer = keep(
        staff, product_id, title="Tas napi", max_per_order="sepuluh", description="Satu.\r\n\r\nDua."
    )
    assert (answer.status_code, set(answer.json["errors"])) == (422, {"title", "max_per_order"})
    assert shown(staff, product_id, "max_per_order") == "sepuluh"
    refused = save(staff, product_id)
    assert (refused.status_code, 'value="Tas napi"' in refused.text) == (422, True)
    assert len(drafts(db)) == 1, "refused, so it is still kept"
    long = keep(staff, product_id, description="x" * 9000, draft="", revision="")
    assert (long.status_code, "Terlalu panjang" in long.json["words"]) == (422, True)


def test_typed_back_there_is_nothing_to_keep(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    product_id = factories.product(facility, title="Tas lama", summary="Rajut", description="A\n\nB").id
    assert keep(staff, product_id).json == {"draft": None}
    assert keep(staff, product_id, title="  Tas lama ", description="A\r\n\r\nB\r\n").json == {"draft": None}
    assert drafts(db) == []
    keep(staff, product_id, summary="")
    assert drafts(db) == [{"summary": ""}], "emptied is typed, too"
    keep(staff, product_id, summary="Rajut")
    assert drafts(db) == [{}]
    assert "belum menyimpannya" not in staff.get(f"{LIST}/{product_id}").text
    assert "ketikan yang belum disimpan" not in staff.get(LIST).text


def test_what_others_change_meanwhile_is_not_turned_back(
    staff: Client, db: SQLAlchemy, facility: Facility
) -> None:
    product_id = factories.product(facility, title="Tas lama", status="draft").id
    keep(staff, product_id, summary="Rajut halus")
    product = db.session.get_one(Product, product_id)
    product.title = "Tas dari bengkel"  # by another door
    db.session.commit()
    assert save(staff, product_id).status_code == 303
    db.session.expire_all()
    product = db.session.get_one(Product, product_id)
    assert (product.title, product.summary) == ("Tas dari bengkel", "Rajut halus")


def test_two_screens_are_told_of_each_other(
    staff: Client, app: Flask, db: SQLAlchemy, facility: Facility
) -> None:
    product_id = factories.product(facility, title="Tas lama", status="draft").id
    colleague: Client = app.test_client()  # type: ignore[assignment]
    factories.signed_in(colleague, "facility_staff", facility=db.session.merge(facility))
    old = html.values(details(staff, product_id))  # opened before anybody typed
    kept = keep(colleague, product_id, title="Tas biru").json
    path = f"{LIST}/{product_id}"
    late = staff.post(f"{path}/simpan-otomatis", data=old | {"title": "Tas merah"})
    assert (late.status_code, late.json["revision"]) == (409, 1)
    assert drafts(db) == [{"title": "Tas biru"}]
    mine = {"draft": kept["draft"], "revision": kept["revision"]}
    insisted = staff.post(f"{path}/simpan-otomatis", data=old | {"title": "Tas merah"} | mine)
    assert (insisted.status_code, drafts(db)) == (200, [{"title": "Tas merah"}])
    stale = colleague.post(path, data=html.values(details(colleague, product_id)) | {"revision": 1})
    assert (stale.status_code, "lalu kirim sekali lagi" in stale.text) == (422, True)
    again = html.Page.parse(stale.text).form(path)
    assert colleague.post(path, data=html.values(again)).status_code == 303
    gone = staff.post(path, data=old | {"title": "Tas hitam"} | mine | {"revision": 2})
    assert (gone.status_code, 'value="Tas hitam"' in gone.text) == (422, True)
    assert "dari layar lain" in gone.text
    late = staff.post(f"{path}/simpan-otomatis", data=old | mine | {"revision": 2})
    assert (late.status_code, "dari layar lain" in late.json["words"]) == (404, True)
    told = html.Page.parse(gone.text).form(path)
    assert staff.post(path, data=html.values(told)).status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Product, product_id).title == "Tas hitam"


def test_a_form_without_script_leaves_a_colleagues_typing(
    staff: Client, app: Flask, db: SQLAlchemy, facility: Facility
) -> None:
    product_id = factories.product(facility, title="Tas lama", status="draft").id
    old = html.values(details(staff, product_id))
    colleague: Client = app.test_client()  # type: ignore[assignment]
    factories.signed_in(colleague, "facility_staff", facility=db.session.merge(facility))
    keep(colleague, product_id, materials="Katun")
    assert staff.post(f"{LIST}/{product_id}", data=old | {"title": "Tas merah"}).status_code == 303
    assert drafts(db) == [{"materials": "Katun"}]


def test_thrown_away_the_product_is_as_it_was(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    product_id = factories.product(facility, title="Tas lama").id
    keep(staff, product_id, title="Tas baru")
    drop = f"{LIST}/{product_id}/ketikan/buang"
    assert staff.submit(f"{LIST}/{product_id}", action=drop).status_code == 303
    assert (drafts(db), shown(staff, product_id, "title")) == ([], "Tas lama")


def test_it_is_for_its_own_facility_only(
    staff: Client, app: Flask, db: SQLAlchemy, facility: Facility
) -> None:
    product_id = factories.product(facility, title="Rahasia", status="draft").id
    draft_id = keep(staff, product_id, title="Rahasia sekali").json["draft"]
    stranger: Client = app.test_client()  # type: ignore[assignment]
    factories.signed_in(stranger, "facility_staff", facility=factories.facility("LPLAIN"))
    token = stranger.page(f"{LIST}/baru").form().one("input", name="csrf_token").attrs["value"]
    body = {"csrf_token": token, "title": "Curi", "draft": draft_id, "revision": 1}
    for path in (
        f"{product_id}/simpan-otomatis",
        f"{product_id}/ketikan/buang",
        f"formulir/{draft_id}/buang",
    ):
        assert stranger.post(f"{LIST}/{path}", data=body).status_code == 404, path
    assert stranger.get(f"{LIST}/baru?formulir={draft_id}").status_code == 404
    squat = {"csrf_token": token, "key": f"produk:{product_id + 1}", "title": "Menduduki"}
    stranger.post(f"{LIST}/simpan-otomatis", data=squat)
    keys = set(db.session.scalars(select(ProductDraft.key)))
    assert f"produk:{product_id + 1}" not in keys
    assert staff.get(f"{LIST}/baru?formulir={draft_id}").status_code == 404, "no form of a new product"
    assert drafts(db)[0] == {"title": "Rahasia sekali"}


def test_a_withdrawn_product_keeps_no_typing(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    product_id = factories.product(facility, status="archived").id
    assert "data-draft=" not in staff.get(f"{LIST}/{product_id}").text
    assert keep(staff, product_id, title="Tas").status_code == 409
    assert drafts(db) == []


def test_two_screens_that_begin_at_once_make_one_draft(
    app: Flask, db: SQLAlchemy, facility: Facility
) -> None:
    product_id = factories.product(facility).id
    actor = factories.user("facility_staff", facility=facility).id

    def begin() -> int | None:
        draft = keep_unsent(product_id, actor, {"title": "Tas"})
        return draft.id if draft else None

    assert len({*at_once(app, [begin] * 6)}) == 1
