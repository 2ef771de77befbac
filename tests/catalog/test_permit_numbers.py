"""Numbers of permits: one form however they are typed, and what each says by itself."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.catalog.models import LicenceKind
from storefront.catalog.services.licences import check_licence
from storefront.catalog.services.numbers import end_of, read_number, told_by
from storefront.core.errors import Invalid
from tests import factories

PIRT, MD, HALAL = LicenceKind
LENGTHS = {PIRT: 15, MD: 12, HALAL: 17}
SPACES = st.sampled_from(["", " ", ".", ":", "/", "  "])
PREFIXES = {
    PIRT: ["", "P-IRT", "PIRT", "p-irt no", "P-IRT No."],
    MD: ["", "MD", "BPOM RI MD", "bpom md", "ML"],
    HALAL: ["", "ID", "id"],
}


@given(st.data(), st.sampled_from(list(LicenceKind)))
def test_a_number_is_read_however_it_is_typed_and_read_again_stays_the_same(data, kind):
    digits = data.draw(st.text("0123456789", min_size=LENGTHS[kind], max_size=LENGTHS[kind]))
    typed = data.draw(st.sampled_from(PREFIXES[kind]))
    for digit in digits:
        typed += data.draw(SPACES) + digit
    number = read_number(kind, typed)
    assert "".join(filter(str.isdigit, number)) == digits
    assert read_number(kind, number) == number
    assert len(number) <= 30


@given(st.text(max_size=40), st.sampled_from(list(LicenceKind)))
def test_anything_else_is_refused_in_words(typed, kind):
    digits = [sign for sign in typed if sign in "0123456789"]
    try:
        number = read_number(kind, typed)
    except ValueError as error:
        words = str(error)
    else:
        words = "Nomor"
        assert len(digits) == LENGTHS[kind]
        assert number.isascii()
    assert words.startswith("Nomor")


@given(st.sampled_from(list(LicenceKind)), st.data())
def test_one_digit_more_or_less_is_no_number(kind, data):
    length = LENGTHS[kind] + data.draw(st.sampled_from([-2, -1, 1, 2]))
    with pytest.raises(ValueError, match="Nomor"):
        read_number(kind, data.draw(st.text("0123456789", min_size=length, max_size=length)))


def test_imported_food_keeps_its_letters_and_is_doubted():
    assert read_number(MD, "BPOM RI ML 867012345678") == "ML 867012345678"
    assert told_by(MD, "ML 867012345678").doubts
    assert told_by(MD, "MD 867012345678").doubts == []


def test_a_pirt_number_says_what_it_is_of_and_when_it_ends(db):
    told = told_by(PIRT, "2063603010021-29")
    assert told.facts == ["plastik", "tepung dan olahannya", *told.facts[2:-1], "berakhir tahun 2029"]
    assert end_of(PIRT, "2063603010021-29") == date(2029, 12, 31)
    assert end_of(HALAL, "ID36110000123450120") is None


def test_codes_that_nobody_gives_and_years_too_far_are_doubted(db):
    doubts = " ".join(told_by(PIRT, "9990000010021-29").doubts)
    assert "9" in doubts
    assert "99" in doubts
    assert "0000" in doubts
    assert any("5 tahun" in words for words in told_by(PIRT, "2063603010021-60").doubts)


def test_a_pirt_ends_in_the_year_of_its_number():
    assert check_licence(PIRT, "2063603010021-29", None)[1] == date(2029, 12, 31)
    assert check_licence(PIRT, "2063603010021-29", date(2029, 3, 1))[1] == date(2029, 3, 1)
    with pytest.raises(Invalid) as wrong:
        check_licence(PIRT, "2063603010021-29", date(2028, 3, 1))
    assert "2029" in wrong.value.errors["valid_until"]
    assert check_licence(HALAL, "36110000123450120", None)[1] is None


def test_the_region_of_a_number_is_called_by_its_name(db):
    factories.facility()
    facts = told_by(PIRT, "2063603010021-29").facts
    assert len(facts) in {3, 4}  # without the table of regions its code is doubted instead
