"""A parcel that never reached its buyer: counted, told of once, sent again or paid back, and over then."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from storefront.aftersales.models import (
    UNDELIVERED,
    CaseStatus,
    ComplaintCase,
    Problem,
    Remedy,
    Wish,
)
from storefront.aftersales.services import (
    Back,
    Counted,
    IllegalStep,
    Proposal,
    come_back,
    decide,
    finish,
    open_case,
    problems,
    reject,
    withdraw,
)
from storefront.core import clock
from storefront.core.db import db as database
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.outbox import drain
from storefront.desk.queries.audit import verify
from storefront.inventory.services import OutOfStock, count
from storefront.orders.models import Order, OrderEvent, OrderStatus, Parcel, ParcelStatus
from storefront.orders.services import Actor, IllegalMove, finish_parcel
from storefront.payments.models import Refund
from storefront.payments.services import cancel_order, refund_lines
from storefront.payments.services.changes import TooLate
from tests import factories
from tests.aftersales.conftest import bring, case_now, deliver, told
from tests.buying import stock_of


@pytest.fixture
def away(maker, plates):
    """Six plates at 20,000 rupiah on their way; 14 lie on the shelf."""
    return deliver({plates: 6}, maker, arrive=False)


def back(away, good: int = 6, bad: int = 0, why: Problem = Problem.NOT_HOME, text: str = "") -> int:
    """It came back; the id of its case."""
    seen = {away.lines["Piring Batok"]: Counted(good, bad)}
    here = away.facility_id
    return come_back(away.parcel_id, away.staff_id, Back(why, seen, text), facility_id=here).id


def parcel_now(parcel_id: int) -> Parcel:
    database.session.rollback()
    return database.session.get_one(Parcel, parcel_id)


def status_of(away) -> tuple[OrderStatus, ParcelStatus]:
    parcel = parcel_now(away.parcel_id)
    return parcel.order.status, parcel.status


def holds() -> None:
    database.session.rollback()
    assert {found.rule: found.offenders for found in verify() if not found.holds} == {}


def everything(away, remedy: Remedy = Remedy.REFUND, pieces: int = 6, **more) -> Proposal:
    return Proposal(remedy, {away.lines["Piring Batok"]: pieces}, **more)


def test_it_is_returned_counted_and_before_the_office(away, plates):
    before = stock_of(plates)
    case = case_now(back(away, 4, 2, text="Pagar terkunci."))
    assert (case.status, case.problem, case.wish) == (CaseStatus.OFFICE, Problem.NOT_HOME, Wish.EXCHANGE)
    assert case.answer_by == case.decide_by > clock.now()
    assert case.told == "Pagar terkunci."
    assert status_of(away) == (OrderStatus.PAID, ParcelStatus.RETURNED)
    assert stock_of(plates) == (before[0] + 4, before[1])
    steps = database.session.scalars(select(OrderEvent).filter_by(to_status="returned")).all()
    assert [(step.from_status, step.actor_id) for step in steps] == [("shipped", away.staff_id)]
    holds()


def test_twice_is_once_and_nobody_loses_a_piece(away, plates):
    first, stock = back(away), stock_of(plates)
    assert back(away) == first
    assert stock_of(plates) == stock
    assert database.session.scalar(select(func.count(ComplaintCase.id))) == 1


@pytest.mark.parametrize(("good", "bad"), [(5, 0), (6, 1), (0, 0), (-1, 7), (7, -1)])
def test_every_piece_is_counted(away, plates, good, bad):
    before = stock_of(plates)
    with pytest.raises(Invalid) as refused:
        back(away, good, bad)
    assert list(refused.value.errors) == [f"back_{away.lines['Piring Batok']}"]
    assert status_of(away)[1] is ParcelStatus.SHIPPED
    assert stock_of(plates) == before


def test_only_what_is_on_its_way_comes_back_and_only_to_its_own(away, arrived, maker):
    seen = {line: Counted(6, 0) for line in arrived.lines.values()}
    with pytest.raises(IllegalMove):
        come_back(arrived.parcel_id, arrived.staff_id, Back(Problem.REFUSED, seen))
    with pytest.raises(NotFound):
        come_back(away.parcel_id, away.staff_id, Back(Problem.REFUSED, seen), facility_id=maker.id + 99)
    with pytest.raises(Invalid):
        back(away, why=Problem.DAMAGED)
    foreign = {away.lines["Piring Batok"]: Counted(6, 0), 10_000: Counted(1, 0)}
    with pytest.raises(Invalid):
        come_back(away.parcel_id, away.staff_id, Back(Problem.REFUSED, foreign))
    assert status_of(away)[1] is ParcelStatus.SHIPPED


def test_a_buyer_cannot_say_so_of_what_they_have(arrived):
    assert not set(problems()) & set(UNDELIVERED)
    with pytest.raises(Invalid):
        open_case(arrived.token, arrived.parcel_id, told(arrived, problem=Problem.NOT_HOME))


def test_paid_back_whole_the_order_is_over(away):
    case_id = back(away, 5, 1, why=Problem.REFUSED)
    decide(case_id, away.office_id, everything(away, pieces=1), text="Dananya kami kembalikan.")
    case = case_now(case_id)
    assert (case.status, case.items[0].granted) == (CaseStatus.SETTLED, 6)
    assert database.session.get_one(Refund, case.refund_id).amount == 120_000
    assert status_of(away) == (OrderStatus.COMPLETED, ParcelStatus.RETURNED)
    assert parcel_now(away.parcel_id).finished_at is not None
    holds()


def test_our_fault_gives_the_postage_back_too(away):
    case_id = back(away, why=Problem.CARRIER)
    order = database.session.get_one(Order, away.order_id)
    whole = order.total
    decide(case_id, away.office_id, everything(away, with_shipping=True), text="Salah kami.")
    assert database.session.get_one(Refund, case_now(case_id).refund_id).amount == whole
    holds()


def test_sent_again_the_order_goes_on_until_it_arrives(away, plates):
    case_id = back(away)
    before = stock_of(plates)
    decide(case_id, away.office_id, everything(away, Remedy.EXCHANGE), text="Kami kirim lagi.")
    again = case_now(case_id).exchange
    assert (again.status, again.exchange_of_id, again.shipping_cost) == ("waiting", away.parcel_id, 0)
    assert stock_of(plates) == (before[0] - 6, before[1])
    assert status_of(away)[0] is OrderStatus.PAID
    holds()
    bring(again.id, away.facility_id)
    assert status_of(away)[0] is OrderStatus.COMPLETED
    holds()


def test_what_is_not_sent_again_is_paid_back(away):
    case_id = back(away, 4, 2)
    decide(case_id, away.office_id, everything(away, Remedy.EXCHANGE, 4), text="Dua pecah.")
    database.session.rollback()
    assert database.session.scalars(select(Refund.amount)).all() == [40_000]
    assert case_now(case_id).status is CaseStatus.SETTLED
    holds()


def test_sent_again_it_may_come_back_again(away):
    first = back(away)
    decide(first, away.office_id, everything(away, Remedy.EXCHANGE), text="Kami kirim lagi.")
    again = case_now(first).exchange_id
    bring(again, away.facility_id, arrive=False)
    seen = {away.lines["Piring Batok"]: Counted(6, 0)}
    second = come_back(again, away.staff_id, Back(Problem.CARRIER, seen)).id
    total = database.session.get_one(Order, away.order_id).total
    decide(second, away.office_id, everything(away, with_shipping=True), text="Dua kali gagal.")
    assert database.session.get_one(Refund, case_now(second).refund_id).amount == total
    assert status_of(away)[0] is OrderStatus.COMPLETED
    holds()


def test_without_stock_the_office_is_told_and_nothing_is_done(away, plates, maker):
    case_id = back(away, 0, 6)
    count(maker.id, plates.variants[0].id, 3)
    with pytest.raises(OutOfStock):
        decide(case_id, away.office_id, everything(away, Remedy.EXCHANGE), text="Kami kirim lagi.")
    assert case_now(case_id).status is CaseStatus.OFFICE
    decide(case_id, away.office_id, everything(away), text="Sudah habis.")
    holds()


def test_money_that_went_back_before_does_not_go_twice(away):
    line = away.lines["Piring Batok"]
    refund_lines(away.order_id, {line: 4}, reason="Sudah", actor=Actor(away.office_id), key="dulu")
    case_id = back(away)
    decide(case_id, away.office_id, everything(away), text="Sisanya kami kembalikan.")
    assert database.session.get_one(Refund, case_now(case_id).refund_id).amount == 40_000
    holds()


def test_all_of_it_went_back_before_and_the_case_still_ends(away):
    line = away.lines["Piring Batok"]
    refund_lines(away.order_id, {line: 6}, reason="Sudah", actor=Actor(away.office_id), key="dulu")
    case_id = back(away)
    with pytest.raises(DomainError):
        decide(case_id, away.office_id, everything(away), text="Dananya kembali.")
    decide(case_id, away.office_id, everything(away, Remedy.OTHER), text="Dananya sudah kembali.")
    assert status_of(away)[0] is OrderStatus.PAID
    finish(case_id, away.office_id)
    assert status_of(away)[0] is OrderStatus.COMPLETED
    holds()


def test_what_was_paid_for_is_neither_withdrawn_nor_rejected_nor_cancelled(away):
    case_id = back(away)
    with pytest.raises(IllegalStep):
        withdraw(away.token, case_id)
    with pytest.raises(IllegalStep):
        reject(case_id, away.office_id, text="Tidak.")
    with pytest.raises(TooLate):
        cancel_order(away.order_id, Actor(away.office_id), reason="Batalkan saja")
    assert case_now(case_id).status is CaseStatus.OFFICE


def test_another_parcel_that_arrives_does_not_end_the_order(maker, plates):
    other = factories.facility("LPB", name="Lapas Dua")
    mat = factories.product(other, title="Keset", price=30_000, stock=5)
    away = two_parcels(plates, mat)
    theirs = database.session.scalars(select(Parcel).filter_by(facility_id=other.id)).one()
    case_id = back(away)
    finish_parcel(other.id, theirs.id, Actor(None))
    assert status_of(away)[0] is OrderStatus.PAID
    decide(case_id, away.office_id, everything(away), text="Dananya kembali.")
    assert status_of(away)[0] is OrderStatus.COMPLETED
    holds()


def two_parcels(plates, mat):
    """Six plates and a mat of two facilities, both on their way; the plates' parcel is given."""
    from tests.aftersales.conftest import Arrived
    from tests.buying import buy, order_of, pay

    placed = buy({plates: 6, mat: 1})
    pay(placed)
    order = order_of(placed)
    mine = next(parcel for parcel in order.parcels if parcel.facility_id == plates.facility_id)
    lines = {line.title: line.id for line in order.lines}
    ids = [(parcel.id, parcel.facility_id) for parcel in order.parcels]
    found = Arrived(
        placed.id, placed.token, placed.number, mine.id, lines, mine.facility_id,
        factories.user("facility_staff", facility=plates.facility).id, factories.user("regional").id,
    )  # fmt: skip
    for parcel_id, facility_id in ids:
        bring(parcel_id, facility_id, arrive=False)
    return found


def test_the_address_is_set_right_before_it_goes_out_again(away):
    case_id = back(away, why=Problem.BAD_ADDRESS)
    there = {"street": "Jl. Benar 12", "landmark": "Dekat pasar"}
    wrong = everything(away, Remedy.EXCHANGE, street="Jl")
    with pytest.raises(Invalid):
        decide(case_id, away.office_id, wrong, text="Kami kirim lagi.")
    decide(case_id, away.office_id, everything(away, Remedy.EXCHANGE, **there), text="Kami kirim lagi.")
    database.session.rollback()
    order = database.session.get_one(Order, away.order_id)
    assert (order.address["street"], order.address["landmark"]) == ("Jl. Benar 12", "Dekat pasar")
    assert [event.kind for event in order.events].count("address") == 1
    holds()


def test_one_letter_says_that_it_came_back_and_one_what_follows(away, letters):
    def told() -> list[str]:
        drain()
        mine = [letter for letter in letters() if letter["To"] == "siti@contoh.id"]
        return [letter["Subject"] for letter in mine if "kembali" in letter["Subject"]]

    case_id = back(away, text="Pagar terkunci.")
    came = f"Paket pesanan {away.number} kembali ke Lapas"
    assert told() == told() == [came]
    [letter] = [one for one in letters() if one["Subject"] == came]
    for kind in ("plain", "html"):
        words = letter.get_body((kind,)).get_content()
        assert "tidak ada orang di alamatnya" in words
        assert f"/keluhan/{case_id}" in words
    office = database.session.get_one(factories.User, away.office_id).email
    assert office in {one["To"] for one in letters() if "menunggu keputusan" in one["Subject"]}
    decide(case_id, away.office_id, everything(away), text="Dananya kembali.")
    assert told() == [came, f"Paket pesanan {away.number} yang kembali: keputusannya"]


def test_no_deadline_passes_it_on(away):
    case_id = back(away)
    with clock.travel(clock.now() + timedelta(days=30)):
        drain()
    assert case_now(case_id).status is CaseStatus.OFFICE
