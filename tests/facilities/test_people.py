"""People of a facility: a head invites and lets go, an open facility keeps one, nobody reaches over."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from storefront.accounts import services as accounts
from storefront.accounts.models import PasswordLink, Role, User, UserSession
from storefront.core import outbox
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.facilities import services
from storefront.facilities.models import Facility, Membership
from tests import factories
from tests.support import html
from tests.support.client import Client


@pytest.fixture
def lapas(db: SQLAlchemy) -> Facility:
    return factories.facility("LPA")


@pytest.fixture
def head(lapas: Facility) -> User:
    return factories.user("facility_head", facility=lapas, name="Rudi")


def heads(db: SQLAlchemy, facility_id: int) -> int:
    statement = (
        select(func.count(User.id)).join(Membership, Membership.user_id == User.id)
        .where(Membership.facility_id == facility_id, User.role == Role.FACILITY_HEAD, User.is_enabled)
    )  # fmt: skip
    return db.session.scalar(statement) or 0


# --- the last head ------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["close", "move", "demote"])
def test_the_last_head_of_an_open_facility_stays(
    db: SQLAlchemy, lapas: Facility, head: User, way: str
) -> None:
    facility_id, head_id, me = lapas.id, head.id, factories.user().id
    other = factories.facility().id
    ways: dict[str, Callable[[], None]] = {
        "close": lambda: services.close_account(head_id, by_id=me),
        "move": lambda: services.place(head_id, other, by_id=me),
        "demote": lambda: services.change_role(head_id, Role.FACILITY_STAFF, by_id=me),
    }
    with pytest.raises(DomainError, match="kepala terakhir"):
        ways[way]()
    assert heads(db, facility_id) == 1

    factories.user("facility_head", facility=db.session.get(Facility, facility_id))
    ways[way]()
    assert heads(db, facility_id) == 1


def test_a_closed_facility_needs_no_head(db: SQLAlchemy) -> None:
    shut = factories.facility(is_open=False)
    person = factories.user("facility_head", facility=shut)

    services.close_account(person.id, by_id=factories.user().id)

    assert not db.session.get_one(User, person.id).is_enabled


def test_of_two_last_heads_who_are_closed_at_once_one_stays(
    app: Flask, db: SQLAlchemy, lapas: Facility, head: User
) -> None:
    facility_id, me = lapas.id, factories.user().id
    ids = [head.id, factories.user("facility_head", facility=lapas).id]

    def close(user_id: int) -> bool:
        with app.app_context():
            try:
                services.close_account(user_id, by_id=me)
            except DomainError:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(close, ids)) == 1
    db.session.rollback()
    assert heads(db, facility_id) == 1


def test_a_new_head_signs_in_anew_and_sets_up_a_second_factor(db: SQLAlchemy, lapas: Facility) -> None:
    person = factories.user("facility_staff", facility=lapas)
    token = factories.open_session(person)

    services.change_role(person.id, Role.FACILITY_HEAD, by_id=factories.user().id)

    assert accounts.resume(token) is None
    assert db.session.get_one(User, person.id).role is Role.FACILITY_HEAD


@pytest.mark.parametrize("role", ["buyer", "regional", "promoter"])
def test_only_roles_inside_a_facility_are_exchanged(db: SQLAlchemy, lapas: Facility, role: str) -> None:
    outside, inside = factories.user(role), factories.user("facility_staff", facility=lapas)
    with pytest.raises(Invalid):
        services.change_role(outside.id, Role.FACILITY_HEAD)
    with pytest.raises(Invalid):
        services.change_role(inside.id, Role(role))


# --- what a head may do -------------------------------------------------------------------------------


def test_a_head_invites_staff_and_sees_no_link(
    client: Client, db: SQLAlchemy, lapas: Facility, letters: Callable[[], list[EmailMessage]]
) -> None:
    factories.signed_in(client, "facility_head", facility=lapas)
    data = {"name": "Budi", "email": "budi@contoh.go.id", "role": "regional", "facility_id": "999"}
    answer = client.submit("/petugas/orang", data, action="/petugas/orang")

    assert (answer.status_code, answer.location) == (303, "/petugas/orang")
    made = db.session.scalars(select(User).filter_by(email="budi@contoh.go.id")).one()
    assert made.role is Role.FACILITY_STAFF
    assert db.session.scalars(select(Membership.facility_id).filter_by(user_id=made.id)).all() == [lapas.id]
    page = client.get("/petugas/orang").text
    assert "Diundang, belum menjawab" in page
    assert "/masuk/sandi/" not in page + client.get(f"/petugas/orang/{made.id}").text
    outbox.run_due(10)
    assert [letter["To"] for letter in letters()] == ["budi@contoh.go.id"]


@pytest.mark.parametrize(
    ("data", "words"),
    [({"name": "", "email": "a@contoh.id"}, "Bagian ini perlu diisi."),
     ({"name": "A", "email": "salah"}, "Tulis alamat e-mail yang lengkap"),
     ({"name": "A", "email": "rudi@contoh.go.id"}, "E-mail ini sudah dipakai.")],
)  # fmt: skip
def test_bad_invitations_are_said_beside_the_field(
    client: Client, lapas: Facility, data: dict[str, str], words: str
) -> None:
    factories.sign_in(client, factories.user("facility_head", facility=lapas, email="rudi@contoh.go.id"))
    answer = client.submit("/petugas/orang", data, action="/petugas/orang")

    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{data["email"]}"' in answer.text


def test_open_invitations_have_an_end(db: SQLAlchemy, lapas: Facility, head: User) -> None:
    for _number in range(20):
        factories.user("facility_staff", facility=lapas)
    with pytest.raises(DomainError, match="20 undangan"):
        services.invite_staff(lapas.id, "lagi@contoh.go.id", name="Lagi", by_id=head.id)


def test_an_invitation_is_taken_back_and_its_letter_opens_nothing(
    db: SQLAlchemy, lapas: Facility, head: User
) -> None:
    facility_id, head_id = lapas.id, head.id
    user_id = services.invite_staff(facility_id, "budi@contoh.go.id", name="Budi", by_id=head_id)
    link = accounts.create_link(user_id)

    services.withdraw_invitation(facility_id, user_id, by_id=head_id)

    with pytest.raises(NotFound):
        accounts.check_link(link)
    assert db.session.scalar(select(func.count(PasswordLink.id))) == 0
    assert services.invite_staff(facility_id, "budi@contoh.go.id", name="Budi", by_id=head_id)


def test_an_invitation_that_was_taken_up_is_not_taken_back(
    db: SQLAlchemy, lapas: Facility, head: User
) -> None:
    user_id = services.invite_staff(lapas.id, "budi@contoh.go.id", name="Budi", by_id=head.id)
    accounts.set_password_by_link(accounts.create_link(user_id), "kuda hujan lampu pasar")

    with pytest.raises(DomainError, match="sudah dipakai"):
        services.withdraw_invitation(lapas.id, user_id, by_id=head.id)


def test_whoever_leaves_is_out_at_once(db: SQLAlchemy, lapas: Facility, head: User) -> None:
    budi = factories.user("facility_staff", facility=lapas)
    token, link = factories.open_session(budi), accounts.create_link(budi.id)

    services.close_staff(lapas.id, budi.id, by_id=head.id)

    assert accounts.resume(token) is None
    assert db.session.scalar(select(func.count(UserSession.id)).filter_by(user_id=budi.id)) == 0
    with pytest.raises(NotFound):
        accounts.check_link(link)


def test_what_the_office_closed_a_head_does_not_open(db: SQLAlchemy, lapas: Facility, head: User) -> None:
    budi, office, head_id = factories.user("facility_staff", facility=lapas), factories.user().id, head.id
    budi_id, facility_id = budi.id, lapas.id
    services.close_account(budi_id, by_id=office)

    with pytest.raises(DomainError, match="dinonaktifkan Kanwil"):
        services.reopen_staff(facility_id, budi_id, by_id=head_id)

    accounts.enable_user(budi_id, by_id=office)
    services.close_staff(facility_id, budi_id, by_id=head_id)
    services.reopen_staff(facility_id, budi_id, by_id=head_id)
    assert db.session.get_one(User, budi_id).is_enabled


@pytest.mark.parametrize("room", ["/petugas/orang", "/kanwil/pengguna"])
def test_one_browser_of_somebody_is_signed_out_and_no_other(
    client: Client, db: SQLAlchemy, lapas: Facility, room: str
) -> None:
    budi, other = (factories.user("facility_staff", facility=lapas) for _number in range(2))
    lost, kept, alien = (factories.open_session(person) for person in (budi, budi, other))
    ids = list(db.session.scalars(select(UserSession.id).order_by(UserSession.id)))
    role = "regional" if room == "/kanwil/pengguna" else "facility_head"
    factories.signed_in(client, role, facility=lapas if role == "facility_head" else None)
    page = f"{room}/{budi.id}"

    assert client.submit(page, {}, action=f"{page}/sesi/{ids[0]}/akhiri").status_code == 303
    token = html.values(client.page(page).form(f"{page}/sesi/{ids[1]}/akhiri"))
    for strange in (ids[0], ids[2], 987654):
        assert client.post(f"{page}/sesi/{strange}/akhiri", data=token).status_code == 404
    assert [accounts.resume(token) is not None for token in (lost, kept, alien)] == [False, True, True]


def test_the_office_takes_an_invitation_back(client: Client, db: SQLAlchemy, lapas: Facility) -> None:
    user_id, link = services.invite(
        "wati@contoh.go.id", name="Wati", role=Role.FACILITY_HEAD, facility_id=lapas.id
    )
    factories.signed_in(client, "regional")
    page = f"/kanwil/pengguna/{user_id}"

    kept = client.submit(page, {}, action=f"{page}/batalkan")  # the only head there is
    factories.user("facility_head", facility=lapas, password_hash="-")
    gone = client.submit(page, {}, action=f"{page}/batalkan")

    assert (kept.location, gone.location) == (page, "/kanwil/pengguna")
    assert db.session.get(User, user_id) is None
    with pytest.raises(NotFound):
        accounts.check_link(link)


@pytest.mark.parametrize(
    "door",
    ["", "/tautan", "/batalkan", "/nonaktifkan", "/aktifkan", "/akhiri-sesi", "/sesi/{session}/akhiri"],
)
def test_nobody_elses_people_are_there(
    app: Flask, client: Client, db: SQLAlchemy, lapas: Facility, door: str
) -> None:
    other = factories.facility()
    strangers = [
        factories.user("facility_staff", facility=other).id,
        factories.user("facility_head", facility=other).id, factories.user("regional").id,
        factories.user("buyer").id, 987654,
    ]  # fmt: skip
    factories.open_session(db.session.get_one(User, strangers[0]))
    theirs = db.session.scalars(select(UserSession.id)).one()
    colleague = factories.user("facility_head", facility=lapas).id
    me = factories.signed_in(client, "facility_head", facility=lapas).id
    app.config["WTF_CSRF_ENABLED"] = False
    for user_id in strangers + ([colleague, me] if door else []):
        path = f"/petugas/orang/{user_id}{door.format(session=theirs)}"
        answer = client.post(path) if door else client.get(path)
        assert answer.status_code == 404, (user_id, door)
    assert db.session.scalar(select(func.count(UserSession.id)).filter_by(user_id=strangers[0])) == 1


def test_staff_are_kept_out(client: Client, lapas: Facility) -> None:
    factories.signed_in(client, "facility_staff", facility=lapas)

    assert client.get("/petugas/orang").status_code == 403
    assert '/petugas/orang"' not in client.get("/petugas").text
