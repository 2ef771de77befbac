"""The form of a promotion: in steps, and with a style sheet each field only where it is needed."""

import re

import pytest

from storefront.promotions.models import Funder, PromotionKind, PromotionScope
from tests import factories
from tests.architecture import source
from tests.support.offers import offer

STYLE = (source.ROOT / "static/css/pages/promotions.css").read_text(encoding="utf-8")


@pytest.fixture
def form(client, db):
    """The form that the office fills in."""
    factories.signed_in(client, "regional")
    return client.page("/pemprov/promosi/baru").form("")


def steps(form) -> list[str]:
    return [heading.text for heading in form.all("h2")]


def test_it_comes_in_steps_and_begins_with_what_is_usual(form):
    assert [words[:2] for words in steps(form)] == ["1.", "2.", "3.", "4.", "5."]
    [chosen] = [radio.attrs["value"] for radio in form.all("input", name="kind") if "checked" in radio.attrs]
    assert chosen == "percent"


@pytest.mark.parametrize(
    ("words", "known", "always"),
    [("kinds", PromotionKind, set()), ("scopes", PromotionScope, {"everything"}),
     ("funders", Funder, {"pemprov", "office"})],
)  # fmt: skip
def test_every_choice_that_needs_fields_shows_them_by_the_style_sheet(form, words, known, always):
    named = {word for box in form.all("div") for word in box.attrs.get(f"data-{words}", "").split()}
    assert named == set(known) - always
    for word in named:
        assert re.search(rf'\[value="{word}"\]:checked\) \[data-{words}~="{word}"\]', STYLE), word


def test_what_is_wrong_or_filled_in_never_hides(form):
    assert ".promo__only:has(.field--invalid)" in STYLE
    assert STYLE.index("@supports selector(:has(*))") < STYLE.index("display: none")


def test_what_a_promotion_holds_stays_in_sight(client, db):
    made = offer(code="HEMAT", kind="amount", value=5_000, maximum=4_000)
    factories.signed_in(client, "regional")
    form = client.page(f"/pemprov/promosi/{made}").form("")
    kept = [box for box in form.all("div") if "promo__only--kept" in box.attrs.get("class", "")]
    assert {control.attrs["name"] for box in kept for control in box.all("input")} == {"code", "maximum"}


def test_a_facilitys_head_is_told_whose_money_it_is(client, db):
    factories.signed_in(client, "facility_head", facility=factories.facility())
    form = client.page("/petugas/promosi/baru").form("")
    assert len(steps(form)) == 4
    assert "ditanggung Lapas sendiri" in form.text
    assert form.all("select", name="funder") == []
