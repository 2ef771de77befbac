"""Who signs in to the demo shop: two officials of the office, a promoter, staff of every facility."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from storefront.accounts.models import Role
from storefront.accounts.services import create_user
from storefront.core import clock
from storefront.core.db import db
from storefront.core.taxes import TaxProfile
from storefront.core.transactions import transaction
from storefront.facilities.models import Facility
from storefront.facilities.services import AccountDetails, approve_account, place, propose_account
from storefront.orders.services import Actor

HEADED = ("LPPTNG", "RTNTNG", "LP1TNG")
"""Facilities whose head signs in too."""


@dataclass(frozen=True)
class SignIn:
    """One way into the demo shop."""

    email: str
    password: str
    name: str
    role: Role
    facility: str = ""


BUYER = SignIn("pembeli@demo.example", "sepeda tua lewat sawah 53", "Rina Pembeli (demo)", Role.BUYER)
BUYER_ENGLISH = SignIn("buyer@demo.example", "green kettle on a windy roof 7", "Jo Buyer (demo)", Role.BUYER)


def _office() -> list[SignIn]:
    return [
        SignIn("kanwil@demo.example", "payung biru di teras 27", "Kanwil Pertama (demo)", Role.REGIONAL),
        SignIn("kanwil2@demo.example", "gerimis sore naik sepeda 8", "Kanwil Kedua (demo)", Role.REGIONAL),
        SignIn("pemprov@demo.example", "lima mangkuk soto 61", "Promosi (demo)", Role.PROMOTER),
    ]


def _at(code: str) -> list[SignIn]:
    """Staff of a facility, and its head in some."""
    low = code.lower()
    people = [
        SignIn(f"petugas.{low}@demo.example", "kupu-kupu minum kopi 45", f"Petugas {code} (demo)",
               Role.FACILITY_STAFF, code),
    ]  # fmt: skip
    if code in HEADED:
        people.append(
            SignIn(f"kepala.{low}@demo.example", "jendela menghadap sawah 19", f"Kepala {code} (demo)",
                   Role.FACILITY_HEAD, code)
        )  # fmt: skip
    return people


def printed() -> list[SignIn]:
    """The sign-ins that `demo run` shows: every role, one women's prison and one remand prison."""
    return [*_office(), *_at("LPPTNG"), *_at("RTNTNG"), BUYER, BUYER_ENGLISH]


def answer_phones() -> None:
    """Give every facility a fictional WhatsApp number, so that buyers see whom to ask."""
    with transaction():
        for number, facility in enumerate(db.session.scalars(select(Facility).order_by(Facility.id))):
            facility.contact_phone = f"+628120000{9000 + number}"


@dataclass
class Crew:
    """Ids of the people who act in the demo's history."""

    office: list[Actor] = field(default_factory=list)
    promoter: int = 0
    staff: dict[int, Actor] = field(default_factory=dict)  # by facility id


def hire() -> Crew:
    """Make every account with its password and its place, and say where transfers go."""
    facilities = {
        row.code: row.id
        for row in db.session.execute(select(Facility.code, Facility.id).order_by(Facility.id))
    }
    db.session.rollback()
    crew = Crew()
    for person in [*_office(), *(one for code in facilities for one in _at(code))]:
        user = create_user(
            person.email, name=person.name, role=person.role, password=person.password, is_demo=True
        )
        user_id = user.id
        if person.role is Role.REGIONAL:
            crew.office.append(Actor(user_id))
        elif person.role is Role.PROMOTER:
            crew.promoter = user_id
        else:
            place(user_id, facilities[person.facility])
            if person.role is Role.FACILITY_STAFF:
                crew.staff[facilities[person.facility]] = Actor(user_id)
    _open_accounts(facilities, *(one.id or 0 for one in crew.office[:2]))
    return crew


QRIS = (
    "00020101021126680016ID.CO.CONTOH.WWW01189360099000000000150215DEMO000000000010303UMI"
    "51440014ID.CO.QRIS.WWW0215ID10200000000010303UMI5204594753033605802ID5922GERAI KARYA WBP (DEMO)"
    "6006SERANG61054211762070703A0163048440"
)
"""A code that nobody can pay: its acquirer does not exist."""


def _open_accounts(facilities: Mapping[str, int], proposer: int, approver: int) -> None:
    """Accounts that nobody can pay into: the office's, one of a facility, and one that waits for approval."""
    office = _account("000-123-456", "Koperasi Contoh (DEMO)", QRIS)
    approve_account(propose_account(None, office, by_id=proposer), by_id=approver)
    own = replace(
        _account("000-765-432", "Koperasi Lapas Contoh (DEMO)", QRIS), tax=TaxProfile.PPN_EFFECTIVE_11
    )
    approve_account(propose_account(facilities["LPRKB"], own, by_id=proposer), by_id=approver)
    propose_account(facilities["LPCLG"], _account("000-999-111", "Satker Contoh (DEMO)"), by_id=proposer)


def _account(number: str, holder: str, payload: str = "") -> AccountDetails:
    """Invented bank, invented number, invented QRIS."""
    return AccountDetails(
        bank="Bank Contoh", number=number, holder=holder, valid_from=clock.today(), qris_payload=payload
    )
