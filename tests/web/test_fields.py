"""What people type into forms: read as meant, or refused in words with the typing kept."""

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form

from storefront.core.errors import Invalid
from storefront.web import fields, typed
from storefront.web.fields import (
    CountField,
    DayField,
    GramsField,
    LineField,
    PhoneField,
    RowField,
    RupiahField,
    TextField,
    WordField,
    complaints,
)


class Everything(Form):
    title = LineField("Judul", max_length=20, required=False)
    story = TextField("Cerita", max_length=100, required=False)
    price = RupiahField("Harga", required=False)
    count = CountField("Jumlah", minimum=1, maximum=500, required=False)
    weight = GramsField("Berat", required=False)
    phone = PhoneField("WhatsApp", required=False)
    day = DayField("Tanggal", required=False)
    shelf = RowField("Kategori", choices=[("", "Pilih"), (1, "Tas"), (2, "Kain")], required=False)
    supply = WordField("Stok", choices=[("ready", "Siap"), ("made", "Pesan")], required=False)


class Strict(Form):
    title = LineField("Judul", max_length=20)
    price = RupiahField("Harga", required="Tulis harganya.")
    shelf = RowField("Kategori", choices=[("", "Pilih"), (1, "Tas")])
    supply = WordField("Stok", choices=[("ready", "Siap")])


def sent(**typed: str) -> Everything:
    form = Everything(MultiDict({"supply": "ready"} | typed))
    form.validate()
    return form


def value(name: str, typed: str) -> Any:
    form = sent(**{name: typed})
    assert not form.errors
    return form[name].data


def complaint(name: str, typed: str) -> str:
    form = sent(**{name: typed})
    assert list(form.errors) == [name]
    assert form[name]._value() == typed  # what was typed is still there
    return str(form[name].errors[0])


@pytest.mark.parametrize(
    ("name", "typed", "expected"),
    [
        ("title", "  Tas   rajut\u00a0besar ", "Tas rajut besar"),
        ("title", "Tas\u200b Baduy® 30°", "Tas Baduy® 30°"),
        ("story", "Satu\r\n\r\n\r\n\r\ndua 😀\t!", "Satu\n\ndua 😀\t!"),
        ("story", "Satu\rdua\u2028tiga\u2029empat", "Satu\ndua\ntiga\nempat"),
        ("price", "Rp 1.250.000", 1_250_000),
        ("price", "75.000,-", 75_000),
        ("count", " 12 ", 12),
        ("weight", "450", 450),
        ("weight", "450 Gram", 450),
        ("weight", "1.200 g", 1200),
        ("weight", "1,2 kg", 1200),
        ("weight", "1.2kg", 1200),
        ("weight", "1,255 kg", 1255),
        ("phone", "0812-3456-7890", "+6281234567890"),
        ("day", "2026-01-28", date(2026, 1, 28)),
        ("day", "28/1/2026", date(2026, 1, 28)),
        ("shelf", "2", 2),
        ("shelf", "", None),
        ("supply", "made", "made"),
        *[(name, "", None) for name in ("price", "count", "weight", "phone", "day")],
        *[(name, " ", "") for name in ("title", "story")],
    ],
)
def test_reads_what_was_meant(name: str, typed: str, expected: Any) -> None:
    assert value(name, typed) == expected


NONSENSE = ["-1", "Rp 1.000,50", str(2**31), str(2**63), "1\x002", "١٢", "１２", "²", "😀", "1e3", "NaN"]
NONSENSE += ["9" * 300_000]


@pytest.mark.parametrize("name", ["price", "count", "weight", "phone", "day"])
@pytest.mark.parametrize("typed", NONSENSE)
def test_numbers_refuse_nonsense_in_words(name: str, typed: str) -> None:
    assert complaint(name, typed).endswith(".")


@pytest.mark.parametrize(
    ("name", "typed", "word"),
    [
        ("title", "Tas\x00", "tidak terbaca"),
        ("title", "Tas\nrajut", "satu baris"),
        ("title", "Tas \u202etxt.exe", "tidak terbaca"),
        ("title", "Tas 👜", "Emoji"),
        ("title", "👨\u200d👩\u200d👧", "Emoji"),
        ("title", "!!!", "huruf atau angka"),
        ("title", "a" * 21, "paling banyak 20"),
        ("story", "a" * 300_000, "300.000 huruf"),
        ("story", "a\x00b", "tidak terbaca"),
        ("price", "0", "Paling sedikit Rp1."),
        ("price", "1000000001", "Paling banyak Rp1.000.000.000."),
        ("count", "0", "Paling sedikit 1."),
        ("count", "501", "Paling banyak 500."),
        ("weight", "1,2", "gram atau kilogram"),
        ("weight", "1.200 kg", "gram atau kilogram"),
        ("weight", "6000 kg", "5.000.000 g"),
        ("phone", "021 555", "WhatsApp"),
        ("day", "31/2/2026", "tanggal yang benar"),
        ("day", "1/1/1900", "jangkauan"),
    ],
)
def test_says_what_is_wrong(name: str, typed: str, word: str) -> None:
    assert word in complaint(name, typed)


@pytest.mark.parametrize(
    ("name", "typed"), [("shelf", "3"), ("shelf", "١"), ("shelf", "x"), ("supply", "draft")]
)
def test_a_choice_that_is_not_on_offer(name: str, typed: str) -> None:
    form = sent(**{name: typed})
    assert "tidak ada" in form.errors[name][0]
    assert form[name].data is None


def test_empty_required_fields_say_so_in_their_own_words() -> None:
    form = Strict(MultiDict({"title": "   "}))
    assert not form.validate()
    assert form.errors == {
        "title": ["Bagian ini perlu diisi."],
        "price": ["Tulis harganya."],
        "shelf": ["Pilih salah satu."],
        "supply": ["Pilih salah satu."],
    }
    assert complaints(form)[0] == ("title", "Bagian ini perlu diisi.")


def test_what_a_service_refused_stands_beside_its_field() -> None:
    form = sent(title="Tas")
    fields.blame(form, Invalid({"price": "Terlalu murah.", "": "Coba lagi."}))
    assert complaints(form) == [("", "Coba lagi."), ("price", "Terlalu murah.")]


def test_an_empty_answer_empties_what_was_stored() -> None:
    form = Everything(MultiDict({"price": "", "title": ""}), data={"price": 5000, "title": "Tas"})
    assert (form.price.data, form.title.data) == (None, "")


def test_stored_values_show_as_people_type_them() -> None:
    form = Everything(data={"price": 150_000, "weight": 1200, "phone": "+6281234567890", "shelf": 2})
    shown = [form.price._value(), form.weight._value(), form.phone._value(), form.title._value()]
    assert shown == ["150.000", "1.200 g", "0812-3456-7890", ""]
    assert 'selected value="2"' in form.shelf()


@given(st.text())
def test_a_clean_line_is_safe_and_stays_as_it_is(text: str) -> None:
    try:
        line = typed.clean_line(text)
    except ValueError:
        return
    assert typed.clean_line(line) == line
    assert "\x00" not in line
    assert "\n" not in line


@given(st.text())
def test_clean_text_stays_as_it_is(text: str) -> None:
    try:
        cleaned = typed.clean_text(text)
    except ValueError:
        return
    assert typed.clean_text(cleaned) == cleaned


@given(st.integers(0, 5_000_000))
def test_weights_survive_showing_and_reading(grams: int) -> None:
    assert typed.parse_grams(Everything().weight.show(grams)) == grams
    assert typed.parse_grams(str(grams)) == grams
    assert typed.parse_grams(f"{grams // 1000},{grams % 1000:03} kg") == grams


@given(st.sampled_from([typed.parse_count, typed.parse_grams, typed.parse_day]), st.text())
def test_parsers_only_ever_answer_or_raise_value_error(parse: Any, text: str) -> None:
    with suppress(ValueError):
        assert parse(text) is not None


@given(st.integers(0, 10**12))
def test_counts_read_with_and_without_dots(count: int) -> None:
    assert typed.parse_count(f"{count:,}".replace(",", ".")) == typed.parse_count(str(count)) == count
