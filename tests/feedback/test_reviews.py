"""Reviews: who may write, who decides, who answers, and what everybody sees of it."""

import pytest
from sqlalchemy import func, select

from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.models import Picture
from storefront.core.pictures import BadPicture
from storefront.core.storage import storage
from storefront.core.transactions import version
from storefront.feedback.models import Review, ReviewStatus
from storefront.feedback.queries import data_of, desks
from storefront.feedback.queries.published import SIZE, reviews_of
from storefront.feedback.services import (
    AlreadyWritten,
    Concern,
    answer_review,
    concerns,
    forget_buyer,
    names_to_show,
    publish_review,
    reject_review,
    submit_review,
)
from storefront.orders.queries import received_line
from tests import factories
from tests.catalog_staff.photos import photo
from tests.feedback.conftest import deliver


@pytest.fixture
def write(bought):
    """Writes the buyer's review."""

    def submit(**fields) -> int:
        values = {"rating": 4, "text": "Rapi dan kuat.", "author": "Siti C."} | fields
        return submit_review(bought.purchase, **values).id

    return submit


@pytest.fixture
def published(write):
    review_id = write()
    publish_review(review_id, None)
    return review_id


def test_nobody_sees_a_review_before_the_office_did(db, bought, write):
    review_id = write()

    assert reviews_of(bought.product_id).count == 0
    before = version("catalog")
    publish_review(review_id, None)

    shown = reviews_of(bought.product_id)
    assert (shown.count, shown.average, shown.stars) == (1, 4.0, {5: 0, 4: 1, 3: 0, 2: 0, 1: 0})
    assert [(row.name, row.text) for row in shown.rows] == [("Siti C.", "Rapi dan kuat.")]
    assert version("catalog") > before


def test_a_product_without_reviews_has_no_average(db, product):
    assert reviews_of(product.id).average is None


def test_a_line_is_reviewed_once(db, write):
    write()
    with pytest.raises(AlreadyWritten):
        write()


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"rating": 0}, "rating"), ({"rating": 6}, "rating"), ({"text": "x" * 1001}, "text"),
        ({"author": " "}, "author"), ({"author": "x" * 41}, "author"), ({"photos": [b""] * 4}, "photos"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_review_is_refused(db, write, fields, name):
    with pytest.raises(Invalid) as refused:
        write(**fields)
    assert name in refused.value.errors
    assert db.session.scalar(select(func.count(Review.id))) == 0


def test_photos_come_clean_and_go_when_the_review_cannot_be(db, write):
    with pytest.raises(BadPicture):
        write(photos=[photo(), b"no picture"])
    assert db.session.scalar(select(func.count(Picture.id)).where(Picture.alt.contains("pembeli"))) == 0

    review = db.session.get_one(Review, write(photos=[photo(), photo()]))

    assert [one.position for one in review.photos] == [1, 2]
    assert storage().exists(f"{review.photos[0].picture.key}-360.webp")


def test_only_what_has_arrived_can_be_reviewed(db, product):
    on_the_way = deliver(product, arrive=False)
    with pytest.raises(NotFound):
        received_line(on_the_way.token, on_the_way.line_id)


def test_a_line_of_another_order_is_not_there(db, product, bought):
    other = deliver(product)
    with pytest.raises(NotFound):
        received_line(bought.token, other.line_id)


def test_the_office_says_why_it_keeps_one_back(db, write):
    review_id = write()
    with pytest.raises(Invalid):
        reject_review(review_id, None, " ")
    reject_review(review_id, None, "Menyebut nama orang")

    review = db.session.get_one(Review, review_id)
    assert (review.status, review.reason) == (ReviewStatus.REJECTED, "Menyebut nama orang")
    with pytest.raises(DomainError):
        reject_review(review_id, None, "Lagi")


def test_a_published_review_can_be_withdrawn_with_its_answer(db, bought, published):
    answer_review(bought.facility_id, published, None, "Terima kasih")
    reject_review(published, None, "Ternyata iklan")

    assert reviews_of(bought.product_id).count == 0
    assert db.session.get_one(Review, published).answer == ""


def test_the_facility_answers_its_own_and_takes_it_back(db, bought, published):
    answer_review(bought.facility_id, published, None, " Terima kasih ")
    row = reviews_of(bought.product_id).rows[0]
    assert (row.reply, row.reply_from) == ("Terima kasih", "Lapas Satu")

    answer_review(bought.facility_id, published, None, "")
    assert reviews_of(bought.product_id).rows[0].reply == ""


def test_another_facility_cannot_answer(db, published):
    other_id = factories.facility("LPB").id
    with pytest.raises(NotFound):
        answer_review(other_id, published, None, "Halo")
    assert desks.own_reviews(other_id, 1) == ([], 0)


def test_what_waits_cannot_be_answered(db, bought, write):
    with pytest.raises(NotFound):
        answer_review(bought.facility_id, write(), None, "Halo")


def test_pages_of_reviews_and_their_sums_take_one_query(db, product, query_count):
    for stars in range(SIZE + 1):
        one = deliver(product)
        review_id = submit_review(one.purchase, rating=stars % 5 + 1, text="", author="Siti").id
        publish_review(review_id, None)
    product_id = one.product_id
    with query_count(at_most=1):
        first = reviews_of(product_id)
    second = reviews_of(product_id, 2)

    assert (first.count, len(first.rows), first.pages, first.more) == (SIZE + 1, SIZE, 2, True)
    assert (second.count, len(second.rows), second.more) == (SIZE + 1, 1, False)
    assert sum(first.stars.values()) == SIZE + 1
    assert reviews_of(product_id, 9) == first


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bagus sekali, jahitannya rapi.", []), ("Sendal dan selendang", []),
        ("Buatan napi ternyata halus", [Concern.DIGNITY]), ("hubungi 0812-0000-1234", [Concern.CONTACT]),
        ("Kabari lewat IG saya @siti", [Concern.CONTACT]), ("siti@contoh.id", [Concern.CONTACT]),
        ("lihat www.contoh.com", [Concern.LINK]), ("toko saya contoh.shop", [Concern.LINK]),
        ("Harganya Rp185.000, dipakai 3 bulan", []),
    ],
)  # fmt: skip
def test_a_moderator_is_told_what_to_look_at_twice(text, found):
    assert concerns(text) == found


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Sari Wulandari", ["Sari W.", "Pembeli"]), ("Budi", ["Budi", "Pembeli"]), ("", ["Pembeli"]),
        ("  siti nur aini ", ["siti A.", "Pembeli"]), ("081234", ["Pembeli"]),
    ],
)  # fmt: skip
def test_no_more_of_a_name_is_shown_than_this(name, shown):
    assert names_to_show(name) == shown


def test_a_buyer_who_goes_takes_their_name_along(db, bought, published):
    assert data_of([bought.line_id], email="siti@contoh.id")["reviews"][0]["author"] == "Siti C."
    forget_buyer([bought.line_id], email="siti@contoh.id")
    assert reviews_of(bought.product_id).rows[0].name == "Pembeli"
