"""A complaint from its telling to its end: who may do what, when, and what follows of it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from storefront.aftersales.models import CaseStatus, ComplaintCase, Party, Problem, Remedy, ReturnStatus, Wish
from storefront.aftersales.services import (
    Counted,
    IllegalStep,
    Proposal,
    TooLate,
    accept_wish,
    agree,
    decide,
    disagree,
    finish,
    hand_over,
    last_day,
    offer,
    open_case,
    receive_back,
    reject,
    say,
    send_back,
    withdraw,
)
from storefront.core import clock
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.outbox import drain
from storefront.inventory.models import MovementKind, StockMovement
from storefront.inventory.services import OutOfStock, count
from storefront.orders.models import Order, Parcel, ParcelStatus
from storefront.payments.models import Refund
from tests import factories
from tests.aftersales.conftest import bring, case_now, complain, deliver, told
from tests.buying import stock_of


def history(case: ComplaintCase) -> list[tuple[str, str]]:
    return [(entry.from_status, entry.to_status) for entry in case.entries if entry.to_status]


def refunds(db) -> list[tuple[int, str]]:
    db.session.rollback()
    return list(db.session.execute(select(Refund.amount, Refund.reason)))


# --- when and what ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "until"),
    [
        ("2026-11-23T03:00", "2026-11-25"),  # Monday to Wednesday
        ("2026-11-27T16:59", "2026-12-01"),  # Friday 23.59 WIB: the weekend does not count
        ("2026-11-27T17:00", "2026-12-01"),  # Saturday 00.00 WIB
        ("2026-12-23T03:00", "2026-12-29"),  # shared leave and Christmas do not count
    ],
)
def test_two_working_days_from_receipt_with_holidays(db, arrived, received, until):
    parcel = db.session.get_one(Parcel, arrived.parcel_id)
    parcel.finished_at = datetime.fromisoformat(received).replace(tzinfo=UTC)
    assert last_day(parcel).isoformat() == until


def test_the_last_day_counts_whole_and_the_next_not_at_all(db, arrived):
    day = last_day(db.session.get_one(Parcel, arrived.parcel_id))
    end = clock.day_start(day + timedelta(days=1))
    with clock.travel(end), pytest.raises(TooLate):
        complain(arrived)
    with clock.travel(end - timedelta(seconds=1)):
        assert case_now(complain(arrived)).status is CaseStatus.OPEN


@pytest.mark.settings(COMPLAINT_DAYS=5)
def test_the_office_may_give_more_days(db, arrived):
    with clock.travel(clock.now() + timedelta(days=5)):
        complain(arrived)


def test_what_has_not_arrived_is_not_complained_of_here(maker, plates):
    under_way = deliver({plates: 6}, maker, arrive=False)
    with pytest.raises(TooLate):
        complain(under_way)


def test_it_is_told_with_pieces_words_and_a_wish(db, arrived):
    line = arrived.lines["Piring Batok"]
    for wrong, field in (
        (told(arrived, plates=0), "pieces"),
        (told(arrived, plates=7), f"pieces_{line}"),
        (told(arrived, text="  "), "text"),
        (told(arrived, problem=Problem.CHANGED_MIND), "problem"),
    ):
        with pytest.raises(Invalid) as caught:
            open_case(arrived.token, arrived.parcel_id, wrong)
        assert set(caught.value.errors) == {field}
    assert db.session.scalar(select(func.count(ComplaintCase.id))) == 0


@pytest.mark.settings(COMPLAINT_CHANGED_MIND=True)
def test_changing_ones_mind_is_for_the_office_to_allow(arrived):
    assert complain(arrived, problem=Problem.CHANGED_MIND)


def test_a_second_telling_is_the_first(arrived):
    assert complain(arrived) == complain(arrived, plates=1)


def test_somebody_elses_order_is_not_there(maker, plates, arrived):
    other = deliver({plates: 1}, maker)
    with pytest.raises(NotFound):
        open_case(arrived.token, other.parcel_id, told(other, plates=1))
    case_id = complain(arrived)
    for act in (agree, withdraw):
        with pytest.raises(NotFound):
            act(other.token, case_id)
    with pytest.raises(NotFound):
        say(case_id, Party.BUYER, "Halo", token=other.token)


# --- the facility answers -----------------------------------------------------------------------------


def test_the_wish_is_granted_and_the_money_goes_back_once(db, arrived):
    case_id = complain(arrived)
    accept_wish(arrived.facility_id, case_id, arrived.staff_id, wants_goods=False, text="Maaf sekali.")
    case = case_now(case_id)
    assert history(case) == [("", "open"), ("open", "accepted"), ("accepted", "settled")]
    assert [amount for amount, _ in refunds(db)] == [40_000]
    assert case.refund_id is not None
    assert db.session.get_one(Order, arrived.order_id).refund_due == 40_000
    with pytest.raises(IllegalStep):
        accept_wish(arrived.facility_id, case_id, arrived.staff_id, wants_goods=False)
    assert len(refunds(db)) == 1


def test_an_offer_waits_for_the_buyer(db, arrived):
    case_id = complain(arrived)
    one = Proposal(Remedy.REFUND, {arrived.lines["Piring Batok"]: 1})
    offer(arrived.facility_id, case_id, arrived.staff_id, one, text="Yang satu tidak retak di fotonya.")
    assert refunds(db) == []
    agree(arrived.token, case_id)
    assert [amount for amount, _ in refunds(db)] == [20_000]
    assert case_now(case_id).status is CaseStatus.SETTLED


def test_no_offer_for_more_than_was_complained_of(arrived):
    case_id = complain(arrived)
    for pieces in ({arrived.lines["Piring Batok"]: 3}, {arrived.lines["Tas Anyam"]: 1}, {}):
        with pytest.raises(Invalid):
            offer(
                arrived.facility_id, case_id, arrived.staff_id, Proposal(Remedy.REFUND, pieces), text="Ini."
            )


def test_an_explanation_ends_it_or_the_office_decides(db, arrived):
    case_id = complain(arrived)
    nothing = Proposal(Remedy.NOTHING, {})
    offer(arrived.facility_id, case_id, arrived.staff_id, nothing, text="Batok memang bergaris.")
    disagree(arrived.token, case_id, text="Ini retak, bukan garis.")
    case = case_now(case_id)
    assert case.status is CaseStatus.OFFICE
    whole = Proposal(Remedy.REFUND, {arrived.lines["Piring Batok"]: 2})
    decide(case_id, arrived.office_id, whole, text="Fotonya jelas.")
    assert case_now(case_id).status is CaseStatus.SETTLED
    assert [amount for amount, _ in refunds(db)] == [40_000]


def test_who_is_content_with_an_explanation_gets_nothing(db, arrived):
    case_id = complain(arrived)
    offer(arrived.facility_id, case_id, arrived.staff_id, Proposal(Remedy.NOTHING, {}), text="Sudah benar.")
    agree(arrived.token, case_id)
    assert case_now(case_id).status is CaseStatus.SETTLED
    assert refunds(db) == []


def test_another_facility_has_nothing_to_say(arrived):
    other = factories.facility("LPB").id
    case_id = complain(arrived)
    with pytest.raises(NotFound):
        accept_wish(other, case_id, arrived.staff_id, wants_goods=False)
    with pytest.raises(NotFound):
        hand_over(other, case_id, arrived.staff_id, text="Bukan kami.")
    with pytest.raises(NotFound):
        say(case_id, Party.FACILITY, "Halo", actor_id=arrived.staff_id, facility_id=other)


# --- the office decides -------------------------------------------------------------------------------


def test_only_what_came_to_the_office_is_decided_there(arrived):
    case_id = complain(arrived)
    whole = Proposal(Remedy.REFUND, {arrived.lines["Piring Batok"]: 2})
    with pytest.raises(IllegalStep):
        decide(case_id, arrived.office_id, whole, text="Lekas.")
    with pytest.raises(IllegalStep):
        reject(case_id, arrived.office_id, text="Lekas.")


def test_a_rejection_has_its_reason_and_gives_nothing(db, arrived):
    case_id = complain(arrived)
    hand_over(arrived.facility_id, case_id, arrived.staff_id, text="Kami ragu.")
    with pytest.raises(Invalid):
        reject(case_id, arrived.office_id, text=" ")
    reject(case_id, arrived.office_id, text="Fotonya barang lain.")
    case = case_now(case_id)
    assert (case.status, case.remedy, case.items[0].granted) == (CaseStatus.REJECTED, None, 0)
    assert case.entries[-1].text == "Fotonya barang lain."
    assert refunds(db) == []


def test_postage_goes_back_with_the_money_and_once(db, arrived):
    shipping = db.session.get_one(Parcel, arrived.parcel_id).shipping_cost
    case_id = complain(arrived)
    accept_wish(arrived.facility_id, case_id, arrived.staff_id, wants_goods=False, with_shipping=True)
    assert [amount for amount, _ in refunds(db)] == [40_000 + shipping]
    second = complain(arrived, plates=1)
    accept_wish(arrived.facility_id, second, arrived.staff_id, wants_goods=False)
    assert [amount for amount, _ in refunds(db)] == [40_000 + shipping, 20_000]


def test_a_deadline_that_passes_brings_it_to_the_office(arrived):
    case_id = complain(arrived)
    due = case_now(case_id).answer_by
    drain()
    assert case_now(case_id).status is CaseStatus.OPEN
    with clock.travel(due + timedelta(minutes=1)):
        drain()
        case = case_now(case_id)
        assert (case.status, case.entries[-1].party) == (CaseStatus.OFFICE, Party.SHOP)
        assert case.answer_by > clock.now()


def test_an_answer_in_time_leaves_the_office_alone(arrived):
    case_id = complain(arrived)
    due = case_now(case_id).answer_by
    offer(
        arrived.facility_id, case_id, arrived.staff_id,
        Proposal(Remedy.EXCHANGE, {arrived.lines["Piring Batok"]: 2}), text="Kami kirim yang baru.",
    )  # fmt: skip
    with clock.travel(due + timedelta(minutes=1)):
        drain()
    assert case_now(case_id).status is CaseStatus.OFFERED


def test_the_promise_of_seven_days_stands(arrived):
    case = case_now(complain(arrived))
    assert case.decide_by - case.opened_at <= timedelta(days=8)
    assert case.answer_by <= case.decide_by


# --- goods --------------------------------------------------------------------------------------------


def test_goods_come_back_first_and_lie_on_the_shelf_or_are_written_off(db, arrived, plates):
    case_id = complain(arrived, plates=3)
    accept_wish(arrived.facility_id, case_id, arrived.staff_id, wants_goods=True)
    assert (case_now(case_id).status, refunds(db)) == (CaseStatus.ACCEPTED, [])
    with pytest.raises(Invalid):
        send_back(arrived.token, case_id, courier="JNE", waybill="x")
    send_back(arrived.token, case_id, courier="JNE", waybill="RET12345")
    line = arrived.lines["Piring Batok"]
    with pytest.raises(Invalid):
        receive_back(arrived.facility_id, case_id, arrived.staff_id, {line: Counted(1, 1)})
    before = stock_of(plates)
    receive_back(arrived.facility_id, case_id, arrived.staff_id, {line: Counted(2, 1)})
    case = case_now(case_id)
    assert (case.status, case.return_status) == (CaseStatus.SETTLED, ReturnStatus.RECEIVED)
    assert stock_of(plates) == (before[0] + 2, before[1])
    moved = db.session.execute(
        select(StockMovement.kind, StockMovement.on_hand_delta).where(
            StockMovement.order_id == arrived.order_id
        )
    )
    assert [row for row in moved if row[0] in (MovementKind.RETURNED, MovementKind.WRITTEN_OFF)] == [
        (MovementKind.RETURNED, 2), (MovementKind.RETURNED, 1), (MovementKind.WRITTEN_OFF, -1),
    ]  # fmt: skip
    assert [amount for amount, _ in refunds(db)] == [60_000]
    with pytest.raises(IllegalStep):
        receive_back(arrived.facility_id, case_id, arrived.staff_id, {line: Counted(2, 1)})


def test_goods_that_are_not_as_agreed_go_to_the_office(db, arrived, plates):
    case_id = complain(arrived, plates=2)
    accept_wish(arrived.facility_id, case_id, arrived.staff_id, wants_goods=True)
    line = arrived.lines["Piring Batok"]
    receive_back(arrived.facility_id, case_id, arrived.staff_id, {line: Counted(0, 1)}, doubt="Hanya satu.")
    assert (case_now(case_id).status, refunds(db)) == (CaseStatus.OFFICE, [])
    decide(case_id, arrived.office_id, Proposal(Remedy.REFUND, {line: 1}), text="Satu diterima.")
    assert case_now(case_id).status is CaseStatus.SETTLED
    assert [amount for amount, _ in refunds(db)] == [20_000]


def test_no_more_comes_back_than_was_granted(db, arrived, plates):
    case_id, line = complain(arrived, plates=2), arrived.lines["Piring Batok"]
    offer(
        arrived.facility_id, case_id, arrived.staff_id, Proposal(Remedy.REFUND, {line: 1}, wants_goods=True),
        text="Satu saja.",
    )  # fmt: skip
    agree(arrived.token, case_id)
    for back in (Counted(1, 1), Counted(0, 2), Counted(-1, 2), Counted(0, 0)):
        with pytest.raises(Invalid):
            receive_back(arrived.facility_id, case_id, arrived.staff_id, {line: back})
    receive_back(arrived.facility_id, case_id, arrived.staff_id, {line: Counted(1, 0)})
    assert [amount for amount, _ in refunds(db)] == [20_000]


def test_a_parcel_that_came_back_whole_is_returned(db, arrived):
    case_id = complain(arrived, plates=6, bag=1)
    accept_wish(arrived.facility_id, case_id, arrived.staff_id, wants_goods=True)
    everything = {arrived.lines["Piring Batok"]: Counted(6, 0), arrived.lines["Tas Anyam"]: Counted(0, 1)}
    receive_back(arrived.facility_id, case_id, arrived.staff_id, everything)
    db.session.expire_all()
    assert db.session.get_one(Parcel, arrived.parcel_id).status is ParcelStatus.RETURNED


def test_an_exchange_is_a_parcel_of_its_own_with_its_own_stock(db, arrived, plates):
    before = stock_of(plates)
    case_id = complain(arrived, wish=Wish.EXCHANGE)
    accept_wish(arrived.facility_id, case_id, arrived.staff_id, wants_goods=False)
    case = case_now(case_id)
    parcel = db.session.get_one(Parcel, case.exchange_id)
    assert (parcel.exchange_of_id, parcel.shipping_cost) == (arrived.parcel_id, 0)
    assert [(item.order_line_id, item.quantity) for item in parcel.items] == [
        (arrived.lines["Piring Batok"], 2)
    ]
    assert stock_of(plates) == (before[0] - 2, before[1])
    assert refunds(db) == []


def test_without_stock_the_buyers_yes_leads_to_the_office_and_the_office_is_told(db, maker, arrived, plates):
    case_id = complain(arrived, wish=Wish.EXCHANGE)
    pieces = {arrived.lines["Piring Batok"]: 2}
    offer(
        arrived.facility_id, case_id, arrived.staff_id, Proposal(Remedy.EXCHANGE, pieces), text="Ganti baru."
    )
    count(arrived.facility_id, plates.variants[0].id, 1)
    agree(arrived.token, case_id)
    case = case_now(case_id)
    assert (case.status, case.exchange_id) == (CaseStatus.OFFICE, None)
    with pytest.raises(OutOfStock):
        decide(case_id, arrived.office_id, Proposal(Remedy.EXCHANGE, pieces), text="Tetap ganti.")
    assert case_now(case_id).status is CaseStatus.OFFICE
    decide(case_id, arrived.office_id, Proposal(Remedy.REFUND, pieces), text="Uang kembali.")
    assert [amount for amount, _ in refunds(db)] == [40_000]


def test_what_was_settled_is_not_complained_of_again(db, arrived):
    first = complain(arrived, plates=5)
    accept_wish(arrived.facility_id, first, arrived.staff_id, wants_goods=False)
    with pytest.raises(Invalid):
        complain(arrived, plates=2)
    second = complain(arrived, plates=1)
    accept_wish(arrived.facility_id, second, arrived.staff_id, wants_goods=False)
    assert [amount for amount, _ in refunds(db)] == [100_000, 20_000]


def test_more_than_was_paid_never_goes_back(db, arrived, plates):
    """The replacement of a plate that was exchanged is complained of too: its money goes back once."""
    first = complain(arrived, plates=6, wish=Wish.EXCHANGE)
    accept_wish(arrived.facility_id, first, arrived.staff_id, wants_goods=False)
    anew = case_now(first).exchange_id
    bring(anew, arrived.facility_id)
    second = open_case(arrived.token, anew, told(arrived, plates=6)).id
    accept_wish(arrived.facility_id, second, arrived.staff_id, wants_goods=False)
    assert [amount for amount, _ in refunds(db)] == [120_000]
    assert case_now(second).status is CaseStatus.SETTLED


def test_something_else_is_done_by_hand_and_said_so(arrived):
    case_id = complain(arrived, wish=Wish.OTHER)
    accept_wish(arrived.facility_id, case_id, arrived.staff_id, wants_goods=False, text="Kami perbaiki.")
    assert case_now(case_id).status is CaseStatus.ACCEPTED
    finish(case_id, arrived.staff_id, facility_id=arrived.facility_id)
    assert case_now(case_id).status is CaseStatus.SETTLED


# --- words --------------------------------------------------------------------------------------------


def test_messages_are_written_once_and_only_while_it_lasts(arrived):
    case_id = complain(arrived)
    for _click in range(2):
        say(case_id, Party.BUYER, "Sudah dilihat?", token=arrived.token)
    assert [entry.text for entry in case_now(case_id).entries] == ["", "Sudah dilihat?"]
    withdraw(arrived.token, case_id)
    with pytest.raises(DomainError):
        say(case_id, Party.BUYER, "Halo?", token=arrived.token)
