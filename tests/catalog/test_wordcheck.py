"""What may stand in the texts of a product, and what the office says about a word."""

import pytest
from flask_sqlalchemy import SQLAlchemy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from storefront.catalog.models import WordRule, WordVerdict
from storefront.catalog.services import create_product, update_product
from storefront.catalog.services.staging import save_details
from storefront.catalog.services.word_rules import decide_word, forget_word
from storefront.catalog.services.wordcheck import TEXTS, check_words, warnings
from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.errors import Invalid
from storefront.core.transactions import transaction
from tests import factories
from tests.support.client import Client


def say(word: str, verdict: WordVerdict) -> None:
    with transaction():
        database.session.add(WordRule(word=word, verdict=verdict, created_at=clock.now()))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Tas rajut buatan napi", "“napi”"),
        ("Hasil karya Narapidananya yang rajin", "“narapidananya”"),
        ("Dibuat pelaku PEMBUNUHAN", "“pembunuhan”"),
        ("Made by inmates", "“inmates”"),
        ("Hubungi 0812-3456-7890 untuk warna lain", "nomor telepon (0812-3456-7890)"),
        ("Hubungi +62 812 3456 789", "nomor telepon"),
        ("Telepon (0254) 200 123 4", "nomor telepon"),
        ("Tanya ke toko.kami@contoh.co.id ya", "alamat e-mail"),
        ("Lihat https://contoh.id/tas", "tautan"),
        ("Lihat wa.me/62812", "tautan"),
        ("Ikuti @bengkel_jahit di sana", "nama akun (@bengkel_jahit)"),
        ("Dijahit Ahmad bin Hasan", "“Ahmad bin Hasan”"),
        ("Dijahit inisial AB", "“inisial AB”"),
    ],
)
@pytest.mark.parametrize("field", ["title", "description"])
def test_what_names_a_past_a_person_or_a_way_around_the_shop_is_refused(
    db: SQLAlchemy, text: str, said: str, field: str
) -> None:
    found = check_words({field: text, "materials": "katun"})
    assert list(found.refusals) == [field]
    assert said in found.refusals[field]


@pytest.mark.parametrize(
    "text",
    [
        "Tas anyam pandan, karya warga binaan Lapas Tangerang",
        "Bantal 60 × 40 × 20 cm, isi 1.250 g, harga 0,5 juta",
        "P-IRT 2063602010123-29, dibuat 22.11.2026",
        "Meja jati 0201 seri 12 / 24",
        "Napiun dan sela-sela kain",  # words that only begin like others
        "Rebin tari Betawi",
    ],
)
def test_ordinary_texts_pass(db: SQLAlchemy, text: str) -> None:
    assert check_words(dict.fromkeys(TEXTS, text)).refusals == {}
    assert set(warnings({"description": text})) == set()


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("title", "Tas", "menyebut benda dan bahannya"),
        ("title", "TAS RAJUT KATUN", "HURUF BESAR"),
        ("title", "Tas rajut 50 ribu", "Harga punya tempatnya"),
        ("summary", "Bagus sekali", "Satu kalimat utuh"),
        ("description", "Wadah tahanan air", "“tahanan”"),
        ("description", "Diajari Pak Rahmat sejak awal", "“Pak Rahmat” seperti nama orang"),
        ("description", "Tanyakan lewat WhatsApp", "membawa pembeli keluar"),
    ],
)
def test_what_may_be_innocent_is_a_warning_and_is_stored(
    db: SQLAlchemy, field: str, text: str, said: str
) -> None:
    found = check_words({field: text})
    assert found.refusals == {}
    assert said in found.warnings[field]


def test_the_office_decides_about_a_word(db: SQLAlchemy) -> None:
    text = {"description": "Racun pembunuh serangga dari serai; kain perca bekas tahanan"}
    assert check_words(text).refusals
    say("pembunuh serangga", WordVerdict.ALLOWED)
    assert not check_words(text).refusals
    assert check_words({"description": "Kisah pembunuh"}).refusals  # only the phrase was let through
    say("tahanan", WordVerdict.REFUSED)
    assert "tahanan" in check_words(text).refusals["description"]
    say("napi", WordVerdict.WARNED)
    found = check_words({"description": "Buatan napi"})
    assert (found.refusals, "napi" in found.warnings["description"]) == ({}, True)
    say("obat kuat", WordVerdict.REFUSED)
    assert check_words({"summary": "Obat-kuat herbal yang manjur"}).refusals


def test_every_door_of_the_services_asks(db: SQLAlchemy) -> None:
    facility = factories.facility()
    with pytest.raises(Invalid) as refused:
        create_product(facility.id, None, "Tas buatan napi", summary="Tanya 081234567890")
    assert set(refused.value.errors) == {"title", "summary"}
    product = factories.product(status="published")
    for save in (update_product, save_details):
        with pytest.raises(Invalid) as refused:
            save(product.id, None, materials="kulit, hubungi @bengkel")
        assert set(refused.value.errors) == {"materials"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(before=st.text(max_size=40), after=st.text(max_size=40))
def test_no_surroundings_hide_a_number(db: SQLAlchemy, before: str, after: str) -> None:
    text = f"{before} hubungi 081234567890 ya {after}"
    assert check_words({"description": text}).refusals


def test_a_word_is_decided_decided_anew_and_let_go(db: SQLAlchemy) -> None:
    text = {"summary": "Obat Kuat herbal dari Banten"}
    decide_word("  Obat-kuat ", WordVerdict.REFUSED)
    assert check_words(text).refusals
    decide_word("obat kuat", WordVerdict.WARNED)
    assert (check_words(text).refusals, list(check_words(text).warnings)) == ({}, ["summary"])
    rule_id = database.session.scalars(select(WordRule.id)).one()
    forget_word(rule_id)
    assert check_words(text) == ({}, {})
    for nothing in ("", " ... ", "x" * 61):
        with pytest.raises(Invalid):
            decide_word(nothing, WordVerdict.REFUSED)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_office_keeps_its_words_on_a_page(client: Client, db: SQLAlchemy, prefix: str) -> None:
    factories.signed_in(client, "regional")
    page = f"{prefix}/kanwil/kata-produk"
    wrong = client.submit(page, {"word": "", "verdict": "boleh"})
    assert wrong.status_code == 422
    assert client.submit(page, {"word": "Obat kuat", "verdict": "refused"}).status_code == 303
    rule_id = database.session.scalars(select(WordRule.id)).one()
    assert "obat kuat" in client.page(page).one("ul", class_="lines").text
    assert client.submit(page, {}, action=f"{page}/{rule_id}/hapus").status_code == 303
    assert database.session.scalars(select(WordRule)).all() == []
    factories.signed_in(client, "facility_head", facility=factories.facility())
    assert client.get(page).status_code == 403
