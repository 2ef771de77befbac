"""Every letter, in both languages: readable as text and as HTML, its links right, once, after the commit."""

import re
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from storefront.aftersales.models import CaseStatus
from storefront.core import clock, letters, mail
from storefront.core.db import db as database
from storefront.core.language import speaking
from storefront.core.outbox import drain
from storefront.core.transactions import transaction
from storefront.orders.models import Order
from storefront.orders.services import letters as of_orders
from tests import factories
from tests.buying import buy, open_shop, order_of

TEMPLATES = Path(__file__).parents[2] / "templates" / "mail"
KINDS = sorted(path.stem for path in TEMPLATES.glob("[!_]*.txt"))
LONG = "Raden Mas Panji Suryadiningrat Kusumaningtyas Wirawan Prawiranegara"
ODD = '<b>Tebal</b> & "kutip" {{ 7 }}'
LINK = "http://localhost/pesanan/AbC"
SMALL = {
    "account_confirm": {"name": ODD}, "account_email": {"name": LONG},
    "account_email_moved": {"name": LONG, "email": "a-very-long-address.of.somebody@subdomain.contoh.id"},
    "account_exists": {}, "account_invited": {"name": ODD, "days": 3},
    "account_reset": {"name": LONG, "hours": 1},
    "account_factor": {"name": ODD, "what": "recovery", "at": clock.now(), "left": 9},
    "curation_verdicts": {
        "facility": LONG, "by_office": True,
        "verdicts": [SimpleNamespace(title=ODD, words="Dikembalikan", comment=f"Satu.\n\n{ODD}")],
    },
    "digest": {
        "name": LONG, "place": ODD,
        "week": SimpleNamespace(
            first=clock.today(), last=clock.today(), orders=1, pieces=2, takings=99_999_999, shipped=3,
            published=0, reviews=1, tasks=[SimpleNamespace(label=ODD, count=2, hint="3 hari")],
        ),
    },
    "licence_ending": {
        "permit": "P-IRT", "number": "1" * 15, "title": ODD, "facility": LONG, "end": clock.today(),
        "days": 30, "is_over": False, "is_off": False,
    },
    "notice": {"name": ODD, "title": LONG, "body": f"Satu.\n\n{ODD}", "last_day": clock.today()},
    "page_decided": {"name": ODD, "place": LONG, "is_approved": False, "comment": f"Satu.\n\n{ODD}"},
    "complaint_answered": {"complaint": SimpleNamespace(name=ODD, reference="P-1", answer=f"Satu.\n\n{ODD}")},
    "complaint_case_staff": {"headline": "Keluhan K-1", "reference": "K-1", "code": "WBP-1-A"},
    "complaint_filed": {"reference": "PGD-1"}, "complaint_office": {"reference": "PGD-1"},
}  # fmt: skip
"""Words of letters that need nothing stored."""


@pytest.fixture
def order(db: Any) -> Order:
    """An order with long names, in two parcels, part of which will not be sent."""
    open_shop()
    long = "Tas Anyam Pandan Besar dengan Tali Kulit dan Ritsleting Kuningan, Warna Cokelat Tua Sekali"
    first = factories.product(title=long[:90], price=99_999_999, stock=9)
    placed = buy({first: 2, factories.product(title=ODD, price=1, stock=9): 9})
    with transaction():
        found = database.session.get_one(Order, placed.id)
        found.customer_name, found.refund_due, found.lines[0].cancelled = LONG, 99_999_999, 1
        for parcel, status in zip(found.parcels, ("shipped", "ready"), strict=True):
            parcel.waybill, parcel.courier, parcel.pickup_code = "JX" * 20, "JNE", "246810"
            parcel.status = status
    return order_of(placed)


def words_for(kind: str, order: Order, entry: str) -> dict[str, Any]:
    if kind in SMALL:
        return SMALL[kind] | ({"off": letters.address("/akun/surat")} if kind == "digest" else {})
    if kind == "office_account":
        account = SimpleNamespace(valid_from=clock.today(), bank="BRI", number="00012345", holder=ODD)
        return {"name": LONG, "account": account, "who": f"{LONG}, {ODD}", "taxed": entry == "open"}
    if kind == "owed":
        return {
            "order": order,
            "amount": 9_999,
            "is_surplus": entry == "open",
            "wants_account": entry == "office",
            "failed": entry == "settled",
        }
    if kind == "message":
        return {"order": order, "words": f"Satu.\n\n{ODD}"}
    if kind == "recalled":
        batch = {"title": LONG, "code": "B-1", "best_before": clock.today()}
        return {"order": order, "why": ODD, "advice": ODD} | batch
    if kind == "account_changed":
        return {"order": order, "bank": ODD, "tail": "2345", "at": clock.now()}
    if kind in ("complaint_case", "came_back"):
        said = ODD if entry in ("offered", "rejected") else ""
        step = SimpleNamespace(to_status=entry, at=clock.now())
        return {"case": case_of(order), "entry": step, "name": ODD, "said": said}
    return {"order": order}


def case_of(order: Order) -> Any:
    parcel = order.parcels[0]
    return SimpleNamespace(
        reference="K-1", facility=parcel.facility, answer_by=None, refund_id=1, exchange=None, order=order,
        parcel=parcel, problem="refused", remedy="refund", status=CaseStatus.OFFICE, reason="", items=[],
        with_shipping=True, came_back=True, wants_goods=False, return_status=None,
    )  # fmt: skip


def posted(
    sent: Callable[[], list[EmailMessage]], kind: str, tongue: str, words: dict[str, Any]
) -> tuple[str, str]:
    before = len(sent())
    with speaking(tongue):
        letters.post("siti@contoh.id", "Perihal", kind, link=LINK, **words)
    letter = sent()[before:][-1]
    return tuple(letter.get_body((part,)).get_content().replace("\r\n", "\n") for part in ("plain", "html"))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("tongue", ["id", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_reads_well(order: Order, letters: Any, kind: str, tongue: str) -> None:
    number = order.id
    for entry in (
        ("open", *CaseStatus) if kind in ("complaint_case", "came_back", "owed") else ("open", "office")
    ):
        words = words_for(kind, database.session.get_one(Order, number), str(entry))
        text, page = posted(letters, kind, tongue, words)
        assert "\n\n\n" not in text, "no empty lines where there was nothing to say"
        assert text == text.strip("\n") + "\n", "nothing before the first and after the last line"
        assert not re.search(r"[ \t]+\n", text), "no blanks at the end of a line"
        assert not re.search(r"None|Undefined|%\(|\{%| ,|  \S", text.replace("\n  ", "\n")), text
        assert "<b>Tebal" not in page, "names are text"
        assert f'lang="{tongue}"' in page
        assert not re.search(r"<p>\s*</p>|<br>\s*</p>", page)
        for address in set(re.findall(r"https?://\S+", text)):
            assert f'href="{address}"' in page, "an address is a link"
        if LINK in text:
            assert page.count(f'href="{LINK}"') == 1
            assert [line for line in text.split("\n") if line == LINK], "a link has its own line"


def test_a_letter_is_asked_for_once_and_only_with_what_it_tells_of(order: Order, letters: Any) -> None:
    for kind in of_orders.SUBJECTS:
        for _again in range(2):
            with transaction():
                of_orders.write(kind, database.session.get_one(Order, order.id))
                of_orders.write(kind, database.session.get_one(Order, order.id))
        with pytest.raises(ValueError, match="no"), transaction():  # noqa: PT012
            of_orders.write(kind, database.session.get_one(Order, order.id), mark=4711)
            raise ValueError("no")
    assert letters() == [], "nothing leaves before the worker comes"
    drain()
    drain()
    subjects = [str(letter["Subject"]) for letter in letters()]
    assert len(subjects) == len(set(subjects)) == len(of_orders.SUBJECTS)


def test_no_letter_can_leave_inside_a_transaction(db: Any, letters: Any) -> None:
    for send in (
        lambda: mail.send("siti@contoh.id", "Halo", "Halo"),
        lambda: post("siti@contoh.id", "Halo", "account_exists", link=LINK),
    ):
        with pytest.raises(RuntimeError, match="after the commit"), transaction():
            send()
    assert letters() == []


post = letters.post


def test_what_is_enclosed_is_bounded(db: Any, letters: Any) -> None:
    small, big = mail.Enclosure("a.pdf", b"x" * 10), mail.Enclosure("b.pdf", b"x" * mail.MOST_ENCLOSED)
    mail.send("siti@contoh.id", "Satu", "Halo", "<p>Halo</p>", [small])
    mail.send("siti@contoh.id", "Dua", "Halo", "<p>Halo</p>", [small, big])
    one, two = letters()
    [file] = one.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == (
        "a.pdf",
        "application/pdf",
        b"x" * 10,
    )
    assert one.get_body(("plain",)).get_content().strip() == "Halo"
    assert "<p>Halo</p>" in one.get_body(("html",)).get_content()
    assert list(two.iter_attachments()) == []
