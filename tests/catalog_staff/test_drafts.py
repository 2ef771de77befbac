"""The form of a new product keeps what is typed: nothing is lost, overwritten, or anybody else's."""

from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from storefront.catalog.models import DraftPicture, Product, ProductDraft, ProductStatus
from storefront.catalog.services.drafting import keep_draft
from storefront.catalog.services.pending import remove_unclaimed
from storefront.core.models import Picture
from storefront.facilities.models import Facility
from tests import factories
from tests.catalog_staff.photos import photo, upload
from tests.checkout.test_races import at_once
from tests.support import html
from tests.support.client import Client
from tests.support.html import Page

NEW = "/petugas/produk/baru"
KEEP = "/petugas/produk/simpan-otomatis"


def rows(db: SQLAlchemy, model: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def keep(client: Client, **typed: Any) -> Any:
    return send(client, KEEP, {"key": "k" * 20, "supply": "ready", **typed})


def send(client: Client, path: str, body: dict[str, Any]) -> Any:
    """What a script sends: with the page's token, and without the rest of its form."""
    token = client.page(NEW).form().one("input", name="csrf_token").attrs["value"]
    return client.post(path, data={"csrf_token": token, **body})


def test_a_form_is_kept_as_it_is_typed_and_opened_again(staff: Client, db: SQLAlchemy) -> None:
    first = keep(staff, title="Tas")
    assert first.status_code == 200
    assert (first.json["revision"], first.json["words"].startswith("Tersimpan pukul")) == (1, True)
    draft_id = first.json["draft"]
    second = keep(staff, title="Tas rajut", price="Rp 125.000", draft=draft_id, revision=1)
    assert (second.json["draft"], second.json["revision"]) == (draft_id, 2)
    assert (rows(db, ProductDraft), rows(db, Product)) == (1, 0)
    listed = staff.page("/petugas/produk").one("section", aria_labelledby="belum-selesai")
    assert "1 formulir belum selesai" in listed.text
    page = staff.page(listed.one("a").attrs["href"])
    assert page.one("input", name="title").attrs["value"] == "Tas rajut"
    assert page.one("input", name="price").attrs["value"] == "Rp 125.000"


def test_what_cannot_be_read_is_said_and_kept_word_for_word(staff: Client, db: SQLAlchemy) -> None:
    answer = keep(staff, title="Tas buatan napi", price="seratus ribu", weight="berat")
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == {"title", "price", "weight"}
    assert "“napi”" in answer.json["errors"]["title"]
    page = staff.page(f"{NEW}?formulir={answer.json['draft']}")
    assert page.one("input", name="price").attrs["value"] == "seratus ribu"
    assert page.one("input", name="title").attrs["value"] == "Tas buatan napi"


def test_nothing_typed_keeps_nothing_and_too_much_is_refused(staff: Client, db: SQLAlchemy) -> None:
    assert keep(staff).json == {"draft": None}
    assert keep(staff, title="   ").json == {"draft": None}
    answer = keep(staff, title="T" * 9000)
    assert (answer.status_code, "Terlalu panjang" in answer.json["words"]) == (422, True)
    assert rows(db, ProductDraft) == 0


def test_an_answer_that_was_lost_makes_no_second_draft(staff: Client, db: SQLAlchemy) -> None:
    first = keep(staff, title="Tas rajut")
    again = keep(staff, title="Tas rajut")  # the page never heard its id
    assert (again.status_code, again.json["draft"], rows(db, ProductDraft)) == (200, first.json["draft"], 1)
    more = keep(staff, title="Tas rajut biru")
    assert (more.status_code, more.json["draft"], more.json["revision"]) == (200, first.json["draft"], 3)


def test_a_newer_save_of_another_screen_is_not_overwritten(
    staff: Client, app: Flask, db: SQLAlchemy, facility: Facility
) -> None:
    draft_id = keep(staff, title="Tas rajut").json["draft"]
    colleague = app.test_client()
    factories.signed_in(colleague, "facility_staff", facility=db.session.merge(facility))
    assert keep(colleague, title="Tas rajut biru", draft=draft_id, revision=1).status_code == 200
    late = keep(staff, title="Tas rajut merah", draft=draft_id, revision=1)
    assert (late.status_code, late.json["revision"]) == (409, 2)
    assert "dari layar lain pukul" in late.json["words"]
    db.session.rollback()
    assert db.session.scalars(select(ProductDraft.typed)).one()["title"] == "Tas rajut biru"
    sent = {"title": "Tas rajut merah", "draft": draft_id, "revision": "1", "action": "draft"}
    refused = staff.submit(NEW, sent)
    assert (refused.status_code, "Periksa, lalu kirim sekali lagi" in refused.text) == (422, True)
    assert 'value="Tas rajut merah"' in refused.text
    assert rows(db, Product) == 0
    insisted = keep(staff, title="Tas rajut merah", draft=draft_id, revision=2)
    assert insisted.status_code == 200


def test_sending_the_form_makes_one_product_and_the_draft_is_gone(staff: Client, db: SQLAlchemy) -> None:
    kept = keep(staff, title="Tas rajut").json
    sent = {"title": "Tas rajut", "draft": kept["draft"], "revision": kept["revision"], "action": "draft"}
    assert staff.submit(NEW, sent).status_code == 303
    assert (rows(db, Product), rows(db, ProductDraft)) == (1, 0)
    again = staff.submit(NEW, sent)  # the second tap, or the other tab
    assert (again.status_code, "sudah dikirim" in again.text, rows(db, Product)) == (422, True, 1)
    assert 'value="Tas rajut"' in again.text
    late = keep(staff, title="Tas rajut", draft=kept["draft"], revision=kept["revision"])
    assert (late.status_code, "sudah dikirim" in late.json["words"]) == (404, True)
    keep(staff, title="Topi rajut")  # kept, but the page that is sent never heard of it
    staff.submit(NEW, {"key": "k" * 20, "title": "Topi rajut", "action": "draft"})
    assert (rows(db, Product), rows(db, ProductDraft)) == (2, 0)


def test_photos_wait_with_the_form_longer_than_a_day(staff: Client, db: SQLAlchemy) -> None:
    sent = {"photos": [upload("tas.jpg", photo())], "checked": "yes", "title": "", "action": "draft"}
    note = Page.parse(staff.submit(NEW, sent).text).one("input", name="kept").attrs["value"]
    draft_id = keep(staff, title="Tas rajut", kept=note).json["draft"]
    picture_id = db.session.scalars(select(DraftPicture.picture_id)).one()
    db.session.rollback()
    remove_unclaimed({"picture_id": picture_id})
    assert rows(db, Picture) == 1
    page = staff.page(f"{NEW}?formulir={draft_id}")
    renewed = page.one("input", name="kept").attrs["value"]
    form = {"title": "Tas rajut", "kept": renewed, "checked": "yes", "action": "draft"}
    assert staff.submit(NEW, form | {"draft": draft_id, "revision": 1}).status_code == 303
    db.session.rollback()
    assert [one.picture_id for one in db.session.scalars(select(Product)).one().photos] == [picture_id]


def test_thrown_away_it_is_gone_and_so_are_its_photos(staff: Client, db: SQLAlchemy) -> None:
    draft_id = keep(staff, title="Tas rajut").json["draft"]
    answer = send(staff, f"/petugas/produk/formulir/{draft_id}/buang", {})
    assert (answer.status_code, rows(db, ProductDraft)) == (303, 0)
    assert staff.get(f"{NEW}?formulir={draft_id}").status_code == 404


def test_a_draft_is_for_its_own_facility_only(
    staff: Client, app: Flask, db: SQLAlchemy, facility: Facility
) -> None:
    draft_id = keep(staff, title="Rahasia").json["draft"]
    stranger = app.test_client()
    factories.signed_in(stranger, "facility_staff", facility=factories.facility("LPLAIN"))
    assert stranger.get(f"{NEW}?formulir={draft_id}").status_code == 404
    assert keep(stranger, title="Ganti", draft=draft_id, revision=1).status_code == 404
    assert keep(stranger, title="Ganti").status_code == 404  # the same key
    away = f"/petugas/produk/formulir/{draft_id}/buang"
    assert send(stranger, away, {}).status_code == 404
    stolen = {"title": "Curi saja", "draft": draft_id, "revision": 1, "action": "draft"}
    assert stranger.submit(NEW, stolen).status_code == 422  # there is no such form
    assert "Rahasia" not in stranger.get("/petugas/produk").text
    db.session.rollback()
    assert db.session.scalars(select(ProductDraft.typed)).one()["title"] == "Rahasia"
    assert rows(db, Product) == 0


def test_fields_that_are_not_the_forms_change_nothing(
    staff: Client, db: SQLAlchemy, facility: Facility
) -> None:
    other = factories.facility("LPLAIN").id
    extra = {
        "facility_id": other, "role": "regional", "status": "published", "is_featured": "1",
        "updated_by_id": "1", "popularity": "99", "slug": "milik-saya", "id": "77",
    }  # fmt: skip
    kept = keep(staff, title="Tas rajut", **extra).json
    db.session.rollback()
    draft = db.session.scalars(select(ProductDraft)).one()
    assert (draft.facility_id == facility.id, set(draft.typed)) == (True, {"title", "supply"})
    sent = {"title": "Tas rajut", "draft": kept["draft"], "revision": 1, "action": "draft"}
    staff.submit(NEW, sent | extra)
    db.session.rollback()
    product = db.session.scalars(select(Product)).one()
    assert (product.facility_id == facility.id, product.status) == (True, ProductStatus.DRAFT)
    assert (product.slug, product.popularity, product.is_featured) == ("tas-rajut", 0, False)


# --- what the name tells --------------------------------------------------------------------------


def test_category_and_weight_are_suggested_from_the_name(
    staff: Client, db: SQLAlchemy, facility: Facility
) -> None:
    bags, hats = factories.category("Tas"), factories.category("Topi")
    bag_id, hat_id = bags.id, hats.id
    for title, shelf in (("Topi anyam pandan", hats), ("Topi rimba", hats), ("Ransel kanvas", bags)):
        factories.product(title=title, shelf=shelf, status="published", weight=254)
    assert keep(staff, title="Tas rajut").json["category_id"] == bag_id
    told = keep(staff, title="Tas rajut").json
    assert (told["category_id"], told["weight"]) == (bag_id, "250 g")
    assert keep(staff, title="Ransel besar").json["category_id"] == bag_id
    assert keep(staff, title="Penutup rimba").json["category_id"] == hat_id
    chosen = keep(staff, title="Penutup rimba", category_id=bag_id, weight="1 kg").json
    assert (chosen["category_id"], chosen["weight"]) == (None, None)


def test_nobody_elses_drafts_are_told(staff: Client, db: SQLAlchemy, facility: Facility) -> None:
    hats = factories.category("Topi")
    factories.product(factories.facility("LPLAIN"), title="Gelatik", shelf=hats, status="draft", weight=777)
    told = keep(staff, title="Gelatik").json
    assert (told["category_id"], told["weight"]) == (None, None)
    assert keep(staff, title="Gelatik", category_id=hats.id).json["weight"] is None


def test_without_a_summary_a_plain_and_true_one_is_made(
    staff: Client, db: SQLAlchemy, facility: Facility
) -> None:
    place = f"{facility.workshops[0].name}, {facility.name}"
    form = {
        "photos": [upload()], "checked": "yes", "title": "Tas rajut",
        "category_id": str(factories.category("Tas").id), "price": "125.000", "weight": "450 g",
        "supply": "ready", "quantity": "4", "summary": "", "action": "submit",
    }  # fmt: skip
    assert staff.submit(f"/en{NEW}", form, action=f"/en{NEW}").status_code == 303
    db.session.rollback()
    product = db.session.scalars(select(Product)).one()
    assert product.status is ProductStatus.SUBMITTED
    assert product.summary == f"Tas rajut, dibuat di {place}."


def test_a_form_that_is_sent_twice_makes_one_product(staff: Client, db: SQLAlchemy) -> None:
    page = staff.page(NEW)
    sent = html.values(page.form()) | {"title": "Tas rajut", "action": "draft"}
    assert staff.post(NEW, data=sent).status_code == 303
    again = staff.post(NEW, data=sent)
    assert (again.status_code, rows(db, Product)) == (422, 1)
    assert staff.submit(NEW, {"title": "Tas rajut", "action": "draft"}).status_code == 303
    assert rows(db, Product) == 2, "another page, another product"


def test_sent_again_after_back_nothing_typed_is_lost(staff: Client, db: SQLAlchemy) -> None:
    """What is typed over the form that was sent becomes a product of its own, when that is meant."""
    sent = html.values(staff.page(NEW).form()) | {
        "title": "Tas rajut", "price": "125.000", "photos": [upload("tas.jpg", photo())],
        "checked": "yes", "action": "draft",
    }  # fmt: skip
    assert staff.post(NEW, data=sent).status_code == 303
    typed_on = {name: value for name, value in sent.items() if name != "photos"}
    typed_on |= {"title": "Tas rajut biru", "summary": "Rajut halus dengan benang biru", "weight": "1,2 kg"}
    again = staff.post(NEW, data=typed_on)
    assert (again.status_code, rows(db, Product)) == (422, 1)
    page = Page.parse(again.text)
    assert "sudah dikirim" in page.one("div", role="alert").text
    kept = html.values(page.form())
    assert {name: kept[name][0] for name in ("title", "price", "weight", "summary")} == {
        "title": "Tas rajut biru", "price": "125.000", "weight": "1,2 kg",
        "summary": "Rajut halus dengan benang biru",
    }  # fmt: skip
    assert kept["key"] != sent["key"], "a page of its own"
    assert staff.post(NEW, data=kept | {"action": "draft"}).status_code == 303
    db.session.rollback()
    assert sorted(db.session.scalars(select(Product.title))) == ["Tas rajut", "Tas rajut biru"]


def test_typed_on_after_back_the_draft_goes_with_the_second_product(staff: Client, db: SQLAlchemy) -> None:
    sent = html.values(staff.page(NEW).form()) | {"title": "Tas rajut", "action": "draft"}
    assert staff.post(NEW, data=sent).status_code == 303
    told = send(staff, KEEP, {"key": sent["key"], "title": "Tas rajut biru", "supply": "ready"}).json
    behind = {"title": "Tas rajut biru", "draft": told["draft"], "revision": told["revision"]}
    again = staff.post(NEW, data=sent | behind)
    assert again.status_code == 422
    form = html.values(Page.parse(again.text).form())
    assert staff.post(NEW, data=form | {"action": "draft"}).status_code == 303
    assert (rows(db, Product), rows(db, ProductDraft)) == (2, 0)


def test_a_page_that_saves_twice_in_one_moment_begins_one_draft(
    app: Flask, db: SQLAlchemy, facility: Facility
) -> None:
    facility_id, actor = facility.id, factories.user("facility_staff", facility=facility).id

    def save() -> int:
        return keep_draft(facility_id, actor, {"title": "Tas rajut"}, [], key="satu").id

    assert len({*at_once(app, [save] * 6)}) == 1


def test_a_key_that_no_page_has_and_characters_that_say_nothing_are_no_error(
    staff: Client, db: SQLAlchemy
) -> None:
    answer = keep(staff, title="Tas\0rajut", key="k\0")
    assert (answer.status_code, set(answer.json["errors"])) == (422, {"title"})
    assert rows(db, ProductDraft) == 1
