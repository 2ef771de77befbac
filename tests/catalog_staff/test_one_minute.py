"""Somebody who never saw the shop hands in a product from a phone: what it takes, counted, under a minute.

The model and its sources stand in docs/one-minute.md, with the figures that this counts. A figure that
grows fails here; one that falls is written down there and here.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from storefront.catalog.models import Product, ProductStatus
from tests import factories
from tests.catalog_staff.photos import photo
from tests.catalog_staff.test_on_a_phone import sign_in
from tests.support.browser import overflow

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
DOCS = Path(__file__).parents[2] / "docs" / "one-minute.md"

TAP, KEY, THINK, WORD = 1.3, 0.33, 1.35, 60 / 238
"""Seconds: to reach and touch; for a letter on a phone; to decide; to read a word. Sources in the docs."""
IN_CAMERA = 2
"""Taps that happen outside the page: the shutter, and 'use this photo'."""
MINUTE = 60


@dataclass
class Hand:
    """A person at a phone: every touch and letter is counted."""

    page: Page
    taps: int = 0
    letters: int = 0
    thoughts: int = 0
    words: int = 0
    loads: int = 0
    fields: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("load", lambda _page: setattr(self, "loads", self.loads + 1))

    def tap(self, place: Locator) -> None:
        """Find something and touch it."""
        self.thoughts += 1
        self.taps += 1
        place.tap()

    def write(self, label: str, text: str) -> None:
        """Touch a field and type into it."""
        place = self.page.get_by_label(label)
        self.tap(place)
        self.page.keyboard.type(text)
        self.letters += len(text)
        self.fields.add(label)

    def read(self, place: Locator) -> None:
        """Read what stands there, every word of it."""
        self.words += len(re.findall(r"\w+", place.inner_text()))

    def glance(self) -> None:
        """See that something is right as it is."""
        self.thoughts += 1

    @property
    def seconds(self) -> float:
        """The own time of the person, without what the machine takes."""
        return self.taps * TAP + self.letters * KEY + self.thoughts * THINK + self.words * WORD

    def row(self) -> tuple[int, ...]:
        """Fields, taps, letters, decisions, words, page loads, seconds: as the docs list them."""
        return (
            len(self.fields), self.taps, self.letters, self.thoughts, self.words, self.loads,
            round(self.seconds),
        )  # fmt: skip


def begin(page: Page, app: Flask, live_server: str, tmp_path: Path) -> Hand:
    """At the list of products, signed in, with a photo in the camera."""
    (tmp_path / "tas.jpg").write_bytes(photo())
    page.goto("/petugas/produk")
    page.wait_for_load_state("load")
    return Hand(page)


def take_photo(hand: Hand, path: Path) -> None:
    """Touch the field, press the shutter, use the photo, and say that it was looked at."""
    page = hand.page
    with page.expect_file_chooser() as chooser:
        hand.tap(page.get_by_label("Foto", exact=True))
    chooser.value.set_files(path)
    hand.taps += IN_CAMERA
    hand.thoughts += IN_CAMERA
    hand.fields.add("Foto")
    hand.read(page.locator("label", has=page.locator("[name=checked]")))  # it came with the photo
    hand.tap(page.get_by_label("Sudah saya periksa"))
    hand.fields.add("Sudah saya periksa")


def finish(hand: Hand, db: SQLAlchemy) -> None:
    """Hand it in, and see that it is a good product."""
    hand.tap(hand.page.get_by_role("button", name="Kirim untuk kurasi"))
    expect(hand.page.locator("[data-kind=product]")).to_have_attribute("data-status", "submitted")
    hand.page.wait_for_load_state("load")
    db.session.rollback()
    product = db.session.scalars(select(Product).filter_by(title="Tas rajut katun marun")).one()
    assert product.status is ProductStatus.SUBMITTED
    assert (product.price_from, len(product.photos), product.category.name) == (125_000, 1, "Tas")
    assert product.variants[0].weight == 450
    assert product.summary


def documented(name: str) -> tuple[int, ...]:
    """The row of the docs' table with this name."""
    line = next(line for line in DOCS.read_text().splitlines() if line.startswith(f"| {name} |"))
    return tuple(int(cell.strip(" *")) for cell in line.strip("|").split("|")[1:])


def test_a_second_product_of_a_kind_is_handed_in_within_a_minute(
    page: Page, app: Flask, db: SQLAlchemy, live_server: str, tmp_path: Path
) -> None:
    facility = factories.facility()
    factories.product(facility, title="Tas anyam", shelf=factories.category("Tas"), weight=450)
    sign_in(page, app, "facility_staff", live_server, facility=facility)
    hand = begin(page, app, live_server, tmp_path)
    hand.tap(page.get_by_role("link", name="Produk baru"))
    hand.read(page.locator("form[data-draft]"))
    take_photo(hand, tmp_path / "tas.jpg")
    hand.write("Nama produk", "Tas rajut katun marun")
    hand.write("Harga", "125000")
    expect(page.get_by_label("Kategori")).not_to_have_value("")
    hand.glance()
    expect(page.get_by_label("Berat dengan kemasan")).to_have_value("450 g")
    hand.glance()
    hand.write("Jumlah yang ada", "3")
    assert overflow(page) == 0
    finish(hand, db)
    assert hand.row() == documented("a product like others of the shop")
    assert hand.seconds < MINUTE


def test_the_first_product_of_all_is_handed_in_within_a_minute(
    page: Page, app: Flask, db: SQLAlchemy, live_server: str, tmp_path: Path
) -> None:
    """Nothing to suggest a weight from; the category follows from its own name."""
    factories.category("Tas")
    sign_in(page, app, "facility_staff", live_server, facility=factories.facility())
    hand = begin(page, app, live_server, tmp_path)
    hand.tap(page.get_by_role("link", name="Buat produk pertama"))
    hand.read(page.locator("form[data-draft]"))
    take_photo(hand, tmp_path / "tas.jpg")
    hand.write("Nama produk", "Tas rajut katun marun")
    expect(page.get_by_label("Kategori")).not_to_have_value("")
    hand.glance()
    hand.write("Harga", "125000")
    hand.write("Berat dengan kemasan", "450")
    hand.write("Jumlah yang ada", "3")
    finish(hand, db)
    assert hand.row() == documented("the very first product")
    assert hand.seconds < MINUTE
