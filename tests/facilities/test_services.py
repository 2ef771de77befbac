"""Facilities, their workshops and people, and the office's account: what is stored and what refused."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from email.message import EmailMessage

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from storefront.accounts import services as accounts
from storefront.accounts.models import Role, User
from storefront.core import clock, outbox
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.transactions import version
from storefront.facilities import queries, services
from storefront.facilities.models import Facility, FacilityKind, Membership, MerchantAccount, Workshop
from storefront.facilities.services import AccountDetails
from tests import factories

NOON = datetime(2026, 3, 10, 5, 0, tzinfo=clock.UTC)  # 12.00 WIB
DETAILS = {
    "name": "Lapas Contoh",
    "kind": FacilityKind.LAPAS,
    "class_": "IIA",
    "town": "Kota Serang",
    "regency_code": "36.73",
}


def details(**fields: object) -> services.FacilityDetails:
    return services.FacilityDetails(**(DETAILS | fields))  # type: ignore[arg-type]


# --- the twelve -----------------------------------------------------------------------------------


def test_banten_has_its_twelve_facilities_once(db: SQLAlchemy) -> None:
    assert services.load_banten() == 12
    assert services.load_banten() == 0

    rows = db.session.scalars(select(Facility)).all()
    assert len(rows) == len({row.slug for row in rows}) == 12
    for row in rows:
        assert 1 <= len(row.workshops) <= 5, row.code
        assert row.regency_code.startswith("36."), row.code
        assert row.pickup_hours, row.code
        assert len(row.story.split(". ")) == 2, row.code


def test_loading_again_keeps_what_the_office_changed(db: SQLAlchemy) -> None:
    services.load_banten()
    facility = db.session.scalars(select(Facility).filter_by(code="LPCLG")).one()
    facility_id, workshop_id = facility.id, facility.workshops[0].id
    services.update_facility(facility_id, details(name="Nama Baru"))
    services.remove_workshop(facility_id, workshop_id)

    assert services.load_banten() == 0

    assert facility.name == "Nama Baru"
    assert len(facility.workshops) == 4


def test_nothing_in_the_file_hints_at_persons_or_sentences() -> None:
    words = services.BANTEN.read_text("utf-8").lower()

    for word in ("napi", "narapidana", "tahanan", "hukuman", "kejahatan", "blok", "anak binaan", "kalapas"):
        assert word not in words


# --- facilities and workshops ---------------------------------------------------------------------


def test_a_new_facility_has_an_address_on_the_web_that_stays(db: SQLAlchemy) -> None:
    before = version("catalog")
    facility = services.create_facility(" lpx ", details(name="Lapas Kelas II A Contoh"))
    twin = services.create_facility("LPY", details(name="Lapas Kelas II A Contoh"))
    services.update_facility(facility.id, details(name="Lapas Lain"))

    assert (facility.code, facility.slug) == ("LPX", "lapas-kelas-ii-a-contoh")
    assert twin.slug == "lapas-kelas-ii-a-contoh-lpy"
    assert version("catalog") == before + 3


@pytest.mark.parametrize(
    ("code", "fields", "wrong"),
    [
        ("LP TNG", {}, "code"),
        ("", {}, "code"),
        ("LP😀", {}, "code"),
        ("LP١٢", {}, "code"),
        ("X" * 13, {}, "code"),
        ("TAKEN", {}, "code"),
        ("LPX", {"regency_code": "3673"}, "regency_code"),
        ("LPX", {"regency_code": "٣٦.٧٣"}, "regency_code"),
        ("LPX", {"postal_code": "4211"}, "postal_code"),
        ("LPX", {"postal_code": "٤٢١١٧"}, "postal_code"),
        ("LPX", {"name": "-"}, "name"),
    ],
)
def test_bad_input_makes_no_facility(db: SQLAlchemy, code: str, fields: dict[str, str], wrong: str) -> None:
    factories.facility("TAKEN")

    with pytest.raises(Invalid) as refused:
        services.create_facility(code, details(**fields))

    assert list(refused.value.errors) == [wrong]


def test_workshops_are_added_renamed_and_removed(db: SQLAlchemy) -> None:
    facility = factories.facility(workshops=("Bengkel Kayu",))
    added = services.add_workshop(facility.id, "Dapur Roti", "Roti dan kue")
    services.rename_workshop(facility.id, added, "Dapur Kue", "Kue")
    assert [(row.name, row.position) for row in facility.workshops] == [("Bengkel Kayu", 0), ("Dapur Kue", 1)]

    with pytest.raises(Invalid, match="sudah ada"):
        services.add_workshop(facility.id, "Bengkel Kayu")
    with pytest.raises(Invalid, match="sudah ada"):
        services.rename_workshop(facility.id, added, "Bengkel Kayu", "")
    services.remove_workshop(facility.id, added)

    assert [row.name for row in facility.workshops] == ["Bengkel Kayu"]


def test_a_workshop_that_a_product_names_stays(db: SQLAlchemy) -> None:
    facility = factories.facility()
    workshop = facility.workshops[0]
    factories.product(facility, workshop_id=workshop.id)

    with pytest.raises(DomainError, match="masih tertulis"):
        services.remove_workshop(facility.id, workshop.id)

    assert db.session.get(Workshop, workshop.id)


def test_a_workshop_is_found_in_its_own_facility_only(db: SQLAlchemy) -> None:
    own, other = factories.facility(), factories.facility()

    for change in (
        lambda: services.rename_workshop(own.id, other.workshops[0].id, "Punya saya", ""),
        lambda: services.remove_workshop(own.id, other.workshops[0].id),
    ):
        with pytest.raises(NotFound):
            change()


# --- people ---------------------------------------------------------------------------------------


def test_staff_belong_to_one_facility(db: SQLAlchemy) -> None:
    first, second = factories.facility(), factories.facility()
    user_id, token = services.invite(
        "budi@contoh.go.id", name="Budi", role=Role.FACILITY_STAFF, facility_id=first.id
    )
    assert accounts.check_link(token).id == user_id
    assert queries.facility_of(user_id) is first

    services.place(user_id, second.id)
    services.place(user_id, second.id)

    assert queries.facility_of(user_id) is second
    assert len(db.session.scalars(select(Membership)).all()) == 1


@pytest.mark.parametrize("role", list(Role))
def test_a_role_has_a_facility_or_must_not(db: SQLAlchemy, role: Role) -> None:
    facility = factories.facility()
    wrong = None if role in services.FACILITY_ROLES else facility.id

    with pytest.raises(Invalid) as refused:
        services.invite("budi@contoh.go.id", name="Budi", role=role, facility_id=wrong)

    assert list(refused.value.errors) == ["facility_id"]
    assert db.session.scalars(select(User)).all() == []


def test_nobody_is_placed_in_a_facility_that_is_not_there(db: SQLAlchemy) -> None:
    user = factories.user("facility_head", facility=factories.facility())

    with pytest.raises(NotFound):
        services.place(user.id, 999_999)

    assert queries.facility_of(user.id)


# --- the office's account -------------------------------------------------------------------------


def account(db: SQLAlchemy, number: str, valid_from: date) -> int:
    details = AccountDetails(bank="BRI", number=number, holder="Koperasi Contoh", valid_from=valid_from)
    account_id = services.propose_account(None, details, by_id=factories.user().id)
    services.approve_account(account_id, by_id=factories.user().id)
    return account_id


def number_on(day: date) -> str | None:
    found = queries.office_account(day)
    return found.number if found else None


def test_a_new_account_closes_the_old_one_the_day_before(db: SQLAlchemy) -> None:
    with clock.travel(NOON):
        today = clock.today()
        account(db, "0001-01-000001-30-1", today)
        account(db, "22222222", today + timedelta(days=10))

    assert number_on(today - timedelta(days=1)) is None
    assert number_on(today) == number_on(today + timedelta(days=9)) == "000101000001301"
    assert number_on(today + timedelta(days=10)) == number_on(today + timedelta(days=900)) == "22222222"
    assert [row.valid_until for row in queries.account_history(None)] == [None, today + timedelta(days=9)]


def test_a_slip_can_be_mended_on_the_same_day(db: SQLAlchemy) -> None:
    with clock.travel(NOON):
        today = clock.today()
        account(db, "11111111", today)
        account(db, "22222222", today)

    assert number_on(today) == number_on(today + timedelta(days=1)) == "22222222"
    assert len(queries.account_history(None)) == 2


def test_the_past_is_not_rewritten(db: SQLAlchemy) -> None:
    with clock.travel(NOON):
        today = clock.today()
        account(db, "11111111", today + timedelta(days=5))
        for day in (today - timedelta(days=1), today + timedelta(days=4)):
            with pytest.raises(Invalid) as refused:
                account(db, "22222222", day)
            assert list(refused.value.errors) == ["valid_from"]


def test_the_day_is_the_one_in_banten(db: SQLAlchemy) -> None:
    with clock.travel(datetime(2026, 3, 9, 17, 30, tzinfo=clock.UTC)):  # 00.30 WIB of the 10th
        with pytest.raises(Invalid):
            account(db, "11111111", date(2026, 3, 9))
        account(db, "11111111", date(2026, 3, 10))


@pytest.mark.parametrize("number", ["", "1234", "12345678a", "١٢٣٤٥٦٧٨", "😀" * 8, "1" * 31])
def test_an_account_number_has_digits_only(db: SQLAlchemy, number: str) -> None:
    with pytest.raises(Invalid) as refused:
        account(db, number, clock.today())

    assert list(refused.value.errors) == ["number"]


def test_everybody_of_the_office_hears_of_a_new_account(
    db: SQLAlchemy, letters: Callable[[], list[EmailMessage]]
) -> None:
    factories.user(email="satu@contoh.go.id")
    factories.user(email="dua@contoh.go.id", is_enabled=False)
    factories.user("promoter", email="tiga@contoh.go.id")
    author = factories.user(email="penulis@contoh.go.id", name="Rina")
    details = AccountDetails(bank="BRI", number="12345678", holder="Koperasi", valid_from=clock.today())
    account_id = services.propose_account(None, details, by_id=author.id)
    services.approve_account(account_id, by_id=factories.user(email="kedua@contoh.go.id", name="Budi").id)

    outbox.drain()

    sent = letters()
    assert sorted(letter["To"] for letter in sent) == [
        "kedua@contoh.go.id",
        "penulis@contoh.go.id",
        "satu@contoh.go.id",
    ]
    text_of = sent[0].get_body(("plain",)).get_content()
    assert "12345678" not in sent[0].get_body(("html",)).get_content()
    assert "berakhiran 5678" in text_of
    assert "12345678" not in text_of
    assert "Rina, Budi" in text_of


# --- what the tables themselves refuse ------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE facilities SET code = 'lpx'",
        "UPDATE facilities SET kind = 'penjara'",
        "UPDATE facilities SET name = NULL",
        "UPDATE workshops SET name = 'Sama'",
        "DELETE FROM facilities",
        "UPDATE memberships SET facility_id = 999999",
        "UPDATE merchant_accounts SET valid_until = '2026-01-01'",
        "UPDATE merchant_accounts SET facility_id = 999999",
    ],
)
def test_the_tables_refuse(db: SQLAlchemy, statement: str) -> None:
    facility = factories.facility(workshops=("Kayu", "Roti"))
    factories.user("facility_staff", facility=facility)
    factories.stored(
        MerchantAccount(
            bank="BRI", number="1", holder="K", valid_from=date(2026, 3, 1), created_at=clock.now()
        )
    )

    with pytest.raises(IntegrityError):
        db.session.execute(text(statement))
    db.session.rollback()


def test_codes_slugs_and_memberships_are_unique(db: SQLAlchemy) -> None:
    facility = factories.facility("LPA")
    user = factories.user("facility_staff", facility=facility)
    twins = (
        lambda: factories.facility("LPA", slug="lain"),
        lambda: factories.facility("LPB", slug=facility.slug),
        lambda: factories.stored(
            Membership(user_id=user.id, facility_id=facility.id, created_at=clock.now())
        ),
    )
    for twin in twins:
        with pytest.raises(IntegrityError):
            twin()
