"""Zones, kilograms and the price table."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.core.errors import Invalid
from storefront.core.spreadsheets import csv_bytes, read_csv
from storefront.shipping.models import Service, Zone
from storefront.shipping.providers.rate_table import (
    DEMO_RATES,
    HEADINGS,
    billable_kg,
    demo_rates,
    parse_rates,
    price,
    rates_table,
    zone_between,
)

GRAMS = st.integers(0, 100_000)
SIDES = st.tuples(*[st.integers(0, 200)] * 3)
DIVISORS = st.sampled_from([4000, 5000, 6000])


@pytest.mark.parametrize(
    ("destination", "zone"),
    [
        ("36.71.05", Zone.SAME_REGENCY),
        ("36.71", Zone.SAME_REGENCY),
        ("36.74.03", Zone.SAME_PROVINCE),
        ("31.74.01", Zone.JAVA),
        ("35.78.01", Zone.JAVA),
        ("18.71.01", Zone.SUMATRA_BALI),
        ("21.71.01", Zone.SUMATRA_BALI),
        ("51.71.01", Zone.SUMATRA_BALI),
        ("52.71.01", Zone.OTHER),
        ("73.71.01", Zone.OTHER),
        ("96.71.01", Zone.OTHER),
    ],
)
def test_zones_seen_from_a_facility(destination, zone):
    assert zone_between("36.71.01", destination) == zone


@pytest.mark.parametrize(
    ("grams", "kilograms"),
    [(0, 1), (1, 1), (999, 1), (1000, 1), (1300, 1), (1301, 2), (1310, 2), (2000, 2), (2300, 2), (2301, 3)],
)
def test_a_remainder_up_to_three_hundred_grams_is_free(grams, kilograms):
    assert billable_kg(grams, None, 6000) == kilograms


@pytest.mark.parametrize(
    ("grams", "dims", "divisor", "kilograms"),
    [
        (500, (30, 20, 10), 6000, 1),  # 1,0 kg
        (500, (30, 20, 13), 6000, 1),  # 1,3 kg exactly
        (500, (39, 20, 11), 6000, 2),  # 1,43 kg
        (500, (30, 20, 10), 4000, 2),  # 1,5 kg as cargo
        (9000, (30, 20, 10), 6000, 9),  # heavier than large
        (100, (60, 60, 45), 4000, 41),  # 40,5 kg: a table
    ],
)
def test_a_large_box_counts_by_its_volume(grams, dims, divisor, kilograms):
    assert billable_kg(grams, dims, divisor) == kilograms


@given(GRAMS, SIDES, DIVISORS)
def test_kilograms_are_exact(grams, dims, divisor):
    length, width, height = dims
    exact = max(Fraction(grams, 1000), Fraction(length * width * height, divisor))
    rest = exact - int(exact)

    assert billable_kg(grams, dims, divisor) == max(1, int(exact) + (rest > Fraction(3, 10)))


@given(GRAMS, SIDES, DIVISORS, GRAMS)
def test_more_weight_never_costs_less(grams, dims, divisor, more):
    assert billable_kg(grams + more, dims, divisor) >= billable_kg(grams, dims, divisor) >= 1


@given(GRAMS, SIDES, DIVISORS)
def test_the_order_of_the_sides_does_not_matter(grams, dims, divisor):
    assert billable_kg(grams, dims, divisor) == billable_kg(grams, dims[::-1], divisor)


@pytest.mark.parametrize(
    ("grams", "dims", "divisor"), [(-1, None, 6000), (1, (-1, 2, 3), 6000), (1, None, 0)]
)
def test_nonsense_is_refused(grams, dims, divisor):
    with pytest.raises(ValueError, match="negative"):
        billable_kg(grams, dims, divisor)


def test_prices():
    assert price(9_000, 7_000, 1) == 9_000
    assert price(9_000, 7_000, 3) == 23_000
    assert price(3_500, 2_000, 3, minimum_kg=10) == 21_500
    assert price(3_500, 2_000, 12, minimum_kg=10) == 25_500


def test_the_demo_reaches_every_zone():
    rates = demo_rates()

    assert {rate.zone for rate in rates if rate.service == Service.REGULAR} == set(Zone)
    assert {rate.zone for rate in rates if rate.service == Service.CARGO} == set(Zone)
    assert {rate.zone for rate in rates if rate.service == Service.LOCAL} == {
        Zone.SAME_REGENCY,
        Zone.SAME_PROVINCE,
    }
    regular = [rate.first_kg for rate in rates if rate.service == Service.REGULAR]
    assert regular == sorted(regular)


def test_heavy_goods_are_cheaper_as_cargo_and_light_ones_are_not():
    for zone in Zone:
        of = {rate.service: rate for rate in demo_rates() if rate.zone == zone}
        cargo, regular = of[Service.CARGO], of[Service.REGULAR]
        for kilograms, cargo_wins in ((1, False), (30, True)):
            costs = [price(r.first_kg, r.next_kg, kilograms, r.minimum_kg) for r in (cargo, regular)]
            assert (costs[0] < costs[1]) is cargo_wins


def test_what_is_downloaded_can_be_uploaded_again():
    rates = demo_rates()
    assert parse_rates(read_csv(csv_bytes(rates_table(rates), HEADINGS))) == rates


def changed(row, column, value):
    """The demo table with one cell changed; `row` as people count, the heading being 1."""
    rows = read_csv(DEMO_RATES.read_bytes())
    rows[row - 1][column] = value
    return rows


@pytest.mark.parametrize(
    ("row", "column", "value", "place", "words"),
    [
        (2, 0, "bulan", "Baris 2, kolom zona", "kota yang sama"),
        (3, 1, "", "Baris 3, kolom layanan", "reguler"),
        (3, 2, "", "Baris 3, kolom nama", "nama layanan"),
        (4, 3, "murah", "Baris 4, kolom kg pertama", "rupiah bulat"),
        (4, 3, "-5000", "Baris 4, kolom kg pertama", "rupiah bulat"),
        (4, 4, "99.000.000", "Baris 4, kolom kg berikutnya", "tidak mungkin"),
        (5, 5, "0", "Baris 5, kolom kg minimum", "1 sampai 1000"),
        (5, 7, "1,5", "Baris 5, kolom hari paling lambat", "angka bulat"),
        (6, 6, "9", "Baris 6, kolom hari paling lambat", "lebih cepat"),
        (7, 8, "6", "Baris 7, kolom pembagi", "1000"),
        (4, 1, "reguler", "Baris 4", "sudah ada"),
        (8, 1, "lokal", "Zona jawa", "reguler"),
    ],
)
def test_a_mistake_is_named_with_its_row_and_column(row, column, value, place, words):
    with pytest.raises(Invalid) as refused:
        parse_rates(changed(row, column, value))

    assert list(refused.value.errors) == [place]
    assert words in refused.value.errors[place]


def test_all_mistakes_are_named_at_once():
    rows = changed(2, 0, "bulan")
    rows.insert(1, [])
    rows[3][3] = "x"
    rows.append(["jawa"])

    with pytest.raises(Invalid) as refused:
        parse_rates(rows)

    last = f"Baris {len(rows)}, kolom layanan"
    assert {"Baris 3, kolom zona", "Baris 4, kolom kg pertama", last} <= set(refused.value.errors)


def test_columns_in_any_order_and_codes_for_words():
    rows = [list(reversed(row)) for row in read_csv(DEMO_RATES.read_bytes())]
    rows[0] = [heading.upper() for heading in rows[0]]
    rows[1][-1] = "same_regency"
    assert parse_rates(rows) == demo_rates()


@pytest.mark.parametrize(
    ("rows", "words"),
    [([], "kosong"), ([[], ["", ""]], "kosong"), ([["zona", "harga"]], "kolom ini belum ada")],
)
def test_another_table_is_refused(rows, words):
    with pytest.raises(Invalid) as refused:
        parse_rates(rows)
    assert words in refused.value.message.casefold()
