"""`buyer …`: whoever bought without an account may see and take back what is kept of them."""

import json

from storefront.buyers.services import NOBODY
from storefront.feedback.models import Complaint, ComplaintTopic
from storefront.feedback.services import file_complaint
from tests import factories
from tests.buyers.test_buyers import completed
from tests.buying import buy, open_shop, order_of

SITI = "0812-0000-1111"


def complaint(**contact):
    file_complaint(name="Siti", topic=ComplaintTopic.GOODS, text="Jahitannya lepas.", **contact)


def test_what_is_kept_of_a_number_or_an_address(flask, db):
    open_shop()
    placed = completed(factories.product(title="Tas Anyam", stock=5))
    complaint(phone="+6281200001111")

    by_phone = json.loads(flask("buyer", "data", SITI).stdout)
    by_email = json.loads(flask("buyer", "data", "SITI@contoh.id").stdout)
    stranger = json.loads(flask("buyer", "data", "0812 9999 9999").stdout)

    assert [order["number"] for order in by_phone["orders"]] == [placed.number]
    assert by_phone["complaints"][0]["text"] == "Jahitannya lepas."
    assert [order["number"] for order in by_email["orders"]] == [placed.number]
    assert by_email["complaints"] == []
    assert stranger == {"orders": [], "reviews": [], "thanks": [], "complaints": [], "order_complaints": []}


def test_a_contact_is_forgotten_and_the_books_stay(flask, db):
    open_shop()
    bag = factories.product(stock=9)
    gone = completed(bag)
    total = order_of(gone).total
    complaint(phone="+6281200001111")

    assert flask("buyer", "forget", SITI, "--yes").stdout == "1 orders without a name now\n"

    order = order_of(gone)
    assert (order.customer_name, order.phone, order.email, order.total) == (NOBODY, "", "", total)
    assert db.session.query(Complaint).one().phone == ""
    assert flask("buyer", "forget", SITI, "--yes").stdout == "0 orders without a name now\n"


def test_an_order_under_way_is_not_forgotten(flask, db):
    open_shop()
    placed = buy({factories.product(stock=9): 1})

    assert placed.number in flask("buyer", "forget", SITI, "--yes", status=1).output
    assert order_of(placed).customer_name == "Siti Contoh"


def test_what_belongs_to_an_account_is_left_to_its_owner(flask, db):
    open_shop()
    factories.user("buyer", email="siti@contoh.id")
    placed = completed(factories.product(stock=9))

    assert "0 orders" in flask("buyer", "forget", SITI, "--yes").stdout
    assert json.loads(flask("buyer", "data", SITI).stdout)["orders"] == []
    assert order_of(placed).customer_name == "Siti Contoh"


def test_it_is_asked_first_and_nonsense_is_no_contact(flask, db):
    flask("buyer", "forget", SITI, status=1)
    for words in ("siapa", "@", ""):
        flask("buyer", "forget", words, "--yes", status=2)
