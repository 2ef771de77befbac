"""What the staff do leaves an act of theirs in the log; the office reads it, filters it, takes it away."""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from storefront.accounts.models import UserSession
from storefront.assisted.models import Source
from storefront.assisted.services import add_goods, open_draft, place_draft, take_cash
from storefront.catalog.models import ChangePhoto, FoodNeed, Product, WordVerdict
from storefront.catalog.services import synonyms
from storefront.catalog.services.collections import CollectionDetails, create_collection
from storefront.catalog.services.permits import add_rule
from storefront.catalog.services.staging_photos import add_photo
from storefront.catalog.services.word_rules import decide_word
from storefront.core import auditlog, clock
from storefront.core.db import db as database
from storefront.core.models import AuditEntry
from storefront.core.transactions import transaction
from storefront.desk.queries.act_words import ACTION_WORDS, KINDS
from storefront.desk.queries.acts import PAGE
from storefront.facilities.services import AccountDetails, propose_account
from storefront.facilities.services.days import close_days
from storefront.feedback.services import Purchase, submit_review
from storefront.inventory.models import LocationKind
from storefront.inventory.services import ensure_storeroom, open_place
from storefront.orders.models import OrderLine
from storefront.orders.services import Actor
from storefront.payments.models import Case, CaseKind, Refund
from storefront.payments.services import cancel_order, check_claim, confirm_claim
from storefront.web.access import ACCESS, Access
from tests import factories
from tests.buying import buy, know_cipondoh, only, open_shop, order_of, pay, somebody, transfer_attempt
from tests.catalog.conftest import jpeg
from tests.desk.acts_exempt import EXEMPT
from tests.desk.acts_settings import settings_ids
from tests.desk.acts_step import Step
from tests.desk.acts_walk import STEPS
from tests.support import fairs
from tests.support.food import batch_of
from tests.support.offers import offer
from tests.support.staged import mark_of, submitted_change
from tests.support.things import things_of

ROOMS = {Access.FACILITY, Access.REGIONAL, Access.PROMOTER, Access.OFFICE, Access.HEAD}
LOG = "/kanwil/catatan"
DOCS = Path(__file__).parents[2] / "docs" / "auditlog.md"


def entries(db: Any, actor_id: int | None = None) -> list[AuditEntry]:
    db.session.rollback()
    chosen = select(AuditEntry).order_by(AuditEntry.number)
    return list(db.session.scalars(chosen if actor_id is None else chosen.filter_by(actor_id=actor_id)))


def paid_by_transfer(wishes: dict[Any, int], officers: tuple[Actor, Actor], reference: str) -> Any:
    placed = buy(wishes, method="transfer")
    attempt = transfer_attempt(placed)
    attempt_id, amount = attempt.id, attempt.amount
    check_claim(attempt_id, officers[0], amount=amount, bank_reference=reference)
    confirm_claim(attempt_id, officers[1])
    return placed


@pytest.fixture
def ids(db: Any) -> dict[str, Any]:
    """A shop in which every step of the walk can be taken; what the steps are taken with."""
    open_shop()
    facility = factories.facility("LPA")
    bag = factories.product(facility, title="Tas Anyam", stock=50)
    mat = factories.product(factories.facility("LPB"), title="Keset", stock=90)
    officers = (Actor(factories.user().id), Actor(factories.user().id))
    pay(buy({bag: 1}))
    things = things_of(bag.id)
    made: dict[str, Any] = {
        "facility": facility.id, "product": bag.id, "variant": things.variant_id, "photo": things.photo_id,
        "gate": things.gate_id, "face": bag.photo_id, "mat_face": mat.photo_id,
        "licence": things.licence_id, "review": things.review_id, "category": bag.category_id,
        "workshop": facility.workshops[0].id, "shown": mat.id, "stocked": only(mat).id,
        "notice": things.notice_id,
    }  # fmt: skip
    made |= _money(db, mat, officers)
    roomy = buy({bag: 3})
    pay(roomy)
    made |= {"roomy": order_of(roomy).parcels[0].id, "roomy_line": order_of(roomy).lines[0].id}
    loose = factories.product(facility, stock=3)
    made["stocked"] = only(loose).id
    made["storeroom"] = ensure_storeroom(facility.id)
    week = [clock.today() + timedelta(days=n) for n in (20, 21)]
    made["closed"] = close_days(facility.id, *week, "Renovasi")
    made["outlet"] = open_place(facility.id, "Lounge Imigrasi", LocationKind.OUTLET)
    factories.variant(database.session.get_one(Product, made["product"]), "hijau")
    for name in ("change", "change_back", "change_many"):
        change = submitted_change(database.session.get_one(factories.Facility, facility.id))
        made |= {name: change.id, f"{name}_mark": mark_of(change)}
    add_photo(mat.id, jpeg(), "", officers[0].id, checked=True)
    made["gate_office"] = db.session.scalars(
        select(ChangePhoto.picture_id).filter_by(product_id=mat.id)
    ).one()
    for name, status in {"draft": "draft", "submitted": "submitted", "many": "submitted"}.items():
        made[name] = factories.product(facility, status=status).id
    made["person"] = factories.user("facility_staff", facility=factories.facility("LPC")).id
    mate = factories.user("facility_staff", facility=facility, password_hash="-")
    factories.open_session(mate)
    made |= {"mate": mate.id, "mate_session": db.session.scalars(select(UserSession.id)).one()}
    made |= settings_ids(facility.id)
    made["invited"] = factories.user("facility_staff", facility=facility).id
    made["secured"] = factories.user("facility_head", facility=factories.facility("LPE")).id
    made["empty"] = factories.category("Kosong").id
    made["batch"] = batch_of(facility.id, made["stocked"], 1)
    made["food_rule"] = add_rule(made["category"], FoodNeed.NO_PERMIT, clock.today(), "BPOM 31/2018")[0].id
    made["words"] = synonyms.add_synonyms(["tas", "kantong"])
    made["word_rule"] = decide_word("jamu kuat", WordVerdict.WARNED)
    made["collection"] = create_collection(CollectionDetails(title="Hadiah"), by=None)
    made["fair"] = fairs.fair(published=False)
    made |= {"promotion": offer(code="PROVINSI"), "own_promotion": things.promotion_id}
    return made | _written(things, facility.id, officers[0])


def _written(things: Any, scope: int, officer: Actor) -> dict[str, Any]:
    """Drafts to place, and written orders whose cash one officer has taken."""
    know_cipondoh()
    made: dict[str, Any] = {"written": things.draft_id, "area": things.area_id}
    made["office_written"] = open_draft(None, officer.id or 0, Source.PHONE)
    add_goods(None, made["office_written"], things.variant_id, 1)
    dear = factories.product(database.session.get_one(factories.Facility, scope), price=600_000)
    for name, room in (("counted", scope), ("office_counted", None)):
        made[name] = open_draft(room, officer.id or 0, Source.COUNTER)
        add_goods(room, made[name], only(dear).id, 1)
        pickups = frozenset({scope})
        place_draft(room, made[name], somebody(), officer, payment_method="cash", pickups=pickups)
        take_cash(room, made[name], officer, amount=600_000)
    return made


def _money(db: Any, mat: Any, officers: tuple[Actor, Actor]) -> dict[str, Any]:
    """Orders and cases in which somebody of the office has something to decide."""
    made: dict[str, Any] = {"attempt": transfer_attempt(buy({mat: 1}, method="transfer")).id}
    waiting = transfer_attempt(buy({mat: 1}, method="transfer"))
    made["checked"], amount = waiting.id, waiting.amount
    check_claim(made["checked"], officers[0], amount=amount, bank_reference="BR-CHECKED")
    pay(buy({mat: 1}), amount=5_000)
    pay(over := buy({mat: 1}), reference="pi_over", amount=order_of(over).total + 50_000)
    twice = buy({mat: 1})
    pay(twice, reference="pi_a")
    pay(twice, reference="pi_b")
    for name, kind in (
        ("late", CaseKind.UNDERPAID),
        ("case", CaseKind.DOUBLE),
        ("surplus", CaseKind.OVERPAID),
    ):
        made[name] = db.session.scalars(select(Case.id).filter_by(kind=kind)).one()
    cancel_order(paid_by_transfer({mat: 1}, officers, "BR-BACK").id, officers[0], reason="Barang rusak")
    made["refund"] = db.session.scalars(select(Refund.id)).one()
    for name, pieces in (("pieces", 3), ("whole", 1)):
        placed = buy({mat: pieces})
        pay(placed)
        made[name] = placed.number
        made[f"{name}_line"] = order_of(placed).lines[0].id
    cancelled = buy({mat: 1})
    pay(cancelled)
    made["number"], made["paid"] = cancelled.number, twice.number
    details = AccountDetails(bank="BRI", number="12345", holder="Satker", valid_from=clock.today())
    place = factories.facility("LPD").id
    made["proposal"] = propose_account(place, details, by_id=officers[0].id or 0)
    line = db.session.scalars(select(OrderLine).filter_by(order_id=twice.id)).one()
    bought = Purchase(line.id, mat.id, line.facility_id, None, line.title)
    made["fresh"] = submit_review(bought, rating=4, text="Kuat", author="Siti").id
    return made


def test_every_door_has_a_step_or_a_reason(app: Any) -> None:
    doors = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or set()) and ACCESS[rule.endpoint] in ROOMS
    }
    walked = {step.endpoint for steps in STEPS.values() for step in steps}
    assert doors - walked - EXEMPT.keys() == set(), "a door of the staff that leaves no act"
    assert (walked | EXEMPT.keys()) - doors == set()


@pytest.mark.parametrize("role", sorted(STEPS))
def test_what_the_staff_do_leaves_an_act_of_theirs(
    app: Any, client: Any, db: Any, ids: dict[str, Any], role: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client.lint = False
    inside = db.session.get(factories.Facility, ids["facility"]) if role.startswith("facility") else None
    me = factories.signed_in(client, role, facility=inside).id
    silent = []
    for step in STEPS[role]:
        before = len(entries(db, me))
        answer = client.post(step.path.format(**ids), data=_body(step, ids))
        assert answer.status_code in {200, 201, 303}, (step, answer.status)
        new = [entry.action for entry in entries(db, me)[before:]]
        if tuple(sorted(new)) != tuple(sorted(step.acts)):
            silent.append((step.endpoint, new))
    assert silent == []
    assert not list(auditlog.faults())
    assert {entry.action for entry in entries(db)} <= ACTION_WORDS.keys()


def _body(step: Step, ids: dict[str, Any]) -> dict[str, Any]:
    return step.body(ids) if callable(step.body) else step.body


def test_every_word_is_explained_and_has_its_kind() -> None:
    told = {
        word for word in re.findall(r"`([a-z_]+\.[a-z_]+)`", DOCS.read_text("utf-8")) if ".py" not in word
    }
    assert told == ACTION_WORDS.keys()
    beginnings = tuple(word for words in KINDS.values() for word in words)
    assert [word for word in ACTION_WORDS if not word.startswith(beginnings)] == []


def test_a_refused_act_leaves_nothing(client: Any, db: Any, ids: dict[str, Any]) -> None:
    before = len(entries(db))

    def halfway() -> None:
        with transaction():
            acted(db, None, "stock.counted")
            acted(db, None, "stock.counted", pieces=1.5)

    with pytest.raises(TypeError, match="no place"):
        halfway()
    assert len(entries(db)) == before


def test_no_buyer_stands_in_the_log(client: Any, db: Any, ids: dict[str, Any]) -> None:
    everything = " ".join(f"{entry.subject_id} {entry.facts}" for entry in entries(db))
    assert "transfer.confirmed" in {entry.action for entry in entries(db)}
    for word in ("Siti", "0812", "62812", "siti@contoh.id", "Jl. Contoh", "Barang rusak"):
        assert word not in everything


# --- the office's page --------------------------------------------------------------------------------


@pytest.fixture
def office(client: Any, db: Any) -> Any:
    person = factories.user("regional", name="Rahma Kanwil")
    factories.sign_in(client, person)
    return person


def acted(db: Any, actor_id: int | None, *actions: str, **facts: Any) -> None:
    with transaction():
        for number, action in enumerate(actions, start=1):
            auditlog.write(action, "order", f"WBP-{number}", actor_id=actor_id, **facts)


def actions_on(page: Any) -> list[str]:
    return [cell.attrs["data-action"] for cell in page.all("td") if "data-action" in cell.attrs]


def test_an_empty_log_says_so(client: Any, office: Any) -> None:
    assert "Belum ada tindakan" in client.page(LOG).one("main").text


def test_the_office_filters_by_who_what_where_and_when(client: Any, db: Any, office: Any) -> None:
    me, other, place = office.id, factories.user(name="Budi").id, factories.facility("LPA").id
    with clock.travel(clock.day_start(clock.today())):
        acted(db, other, "transfer.checked", amount=75_000)
    with transaction():
        auditlog.write("stock.received", "variant", 7, actor_id=me, facility_id=place, change=5)
        auditlog.write("user.added", "user", 9, actor_id=None)
    for asked, wanted in (
        ("", ["user.added", "stock.received", "transfer.checked"]),
        (f"?siapa={other}", ["transfer.checked"]),
        ("?apa=stok", ["stock.received"]),
        ("?apa=akses", ["user.added"]),
        (f"?lapas={place}", ["stock.received"]),
        (
            f"?dari={clock.today()}&sampai={clock.today()}",
            ["user.added", "stock.received", "transfer.checked"],
        ),
        ("?sampai=2020-01-01", []),
        (f"?siapa={me}&apa=uang", []),
    ):
        page = client.page(LOG + asked)
        assert actions_on(page) == wanted, asked
        if not wanted:
            assert "Tidak ada tindakan yang cocok" in page.one("main").text
    words = client.page(LOG).one("main").text
    for word in ("Rahma Kanwil", "Budi", "Perintah di server", "jumlah: Rp75.000", "Lapas Contoh LPA"):
        assert word in words


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("dari=kemarin", "dari"), ("siapa=99999", "siapa"), ("apa=rahasia", "apa"), ("lapas=0", "lapas"),
        ("dari=2026-02-01&sampai=2026-01-01", "sampai"),
    ],
)  # fmt: skip
def test_filters_that_cannot_be_read_are_named(client: Any, office: Any, asked: str, field: str) -> None:
    page = client.page(f"{LOG}?{asked}", status=422)
    [control] = [node for tag in ("input", "select") for node in page.all(tag, name=field)]
    assert control.attrs["aria-invalid"] == "true"
    if control.tag == "input":
        assert control.attrs["value"] in asked
    assert client.get(f"{LOG}/catatan.csv?{asked}").status_code == 422


def test_older_acts_are_a_page_further(client: Any, db: Any, office: Any) -> None:
    acted(db, None, *["stock.counted"] * (PAGE + 3))
    first = client.page(f"{LOG}?apa=stok&endpoint=x&_anchor=y")
    link = next(node for node in first.all("a") if node.attrs.get("rel") == "next")
    acted(db, None, "stock.received")  # what comes meanwhile shifts nothing
    second = client.page(link.attrs["href"])
    assert len(actions_on(first)) == PAGE
    assert len(actions_on(second)) == 3
    assert "rel" not in {name for node in second.one("main").all("a") for name in node.attrs}
    assert client.get(f"{LOG}?sebelum=x").status_code == 200


def test_the_file_runs_no_formulas(client: Any, db: Any, office: Any) -> None:
    name = "=HYPERLINK(1)"
    person = factories.user(name=name).id
    with transaction():
        auditlog.write("tag.added", "tag", "@label", actor_id=person, products=[1, 2])
    answer = client.get(f"{LOG}/catatan.csv?siapa={person}")
    assert answer.headers["Cache-Control"] == "no-store"
    [row] = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert (row["actor"], row["id"], row["action"]) == (f"'{name}", "'@label", "tag.added")
    assert row["facts"] == '{"products": [1, 2]}'
    assert row["hash"] == entries(db)[-1].hash


def test_in_english(client: Any, db: Any, office: Any) -> None:
    acted(db, office.id, "refund.sent", amount=5_000)
    words = client.page(f"/en{LOG}").one("main").text
    for word in ("Log of acts", "Refund recorded as sent", "amount: Rp5.000"):
        assert word in words


@pytest.mark.parametrize("role", ["facility_head", "promoter", "buyer"])
def test_only_the_office_reads_it(client: Any, db: Any, role: str) -> None:
    inside = factories.facility() if role == "facility_head" else None
    factories.signed_in(client, role, facility=inside)
    for path in (LOG, f"{LOG}/catatan.csv"):
        assert client.get(path).status_code == 403


def test_the_export_has_the_acts_too(app: Any, db: Any) -> None:
    acted(db, factories.user(email="rahma@contoh.go.id").id, "refund.sent", amount=5_000)
    out = app.test_cli_runner().invoke(args=["export", "audit", "--format", "csv"]).output
    [row] = [row for row in csv.DictReader(io.StringIO(out)) if row["kind"] == "act"]
    assert (row["subject"], row["what"], row["actor"]) == ("order WBP-1", "refund.sent", "rahma@contoh.go.id")
    assert row["note"] == '{"amount": 5000}'
