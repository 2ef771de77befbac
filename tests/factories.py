"""Makes things for tests, stored and ready: people, facilities, … Call inside the `db` fixture's app context.

Each function gives every field a believable value; a test names only what it is about.
"""

from datetime import timedelta
from itertools import count
from typing import Any

from flask import current_app

from storefront.accounts.models import Role, User, UserSession
from storefront.core import clock
from storefront.core.db import db
from storefront.core.tokens import new_token, token_hash
from storefront.core.transactions import transaction
from storefront.facilities.models import Facility, FacilityKind, Membership, Workshop
from tests.support.client import Client

_numbers = count(1)


def stored(row: Any) -> Any:
    """Store a row (and what hangs on it) and return it."""
    with transaction():
        db.session.add(row)
    return row


def user(role: str = "regional", *, facility: Facility | None = None, **fields: Any) -> User:
    """A person; staff and heads get a membership of `facility`. Without `password_hash` no password."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "email": f"orang{number}@contoh.go.id",
        "name": f"Orang {number}",
        "role": Role(role),
        "created_at": clock.now(),
    } | fields
    facility_id = facility.id if facility else None
    with transaction():
        person = User(**values)
        db.session.add(person)
        if facility_id is not None:
            db.session.flush()
            db.session.add(
                Membership(user_id=person.id, facility_id=facility_id, created_at=values["created_at"])
            )
    return person


def facility(
    code: str | None = None, *, workshops: tuple[str, ...] = ("Bengkel Kayu",), **fields: Any
) -> Facility:
    """A Lapas with a workshop."""
    number = next(_numbers)
    code = code or f"LP{number}"
    values: dict[str, Any] = {
        "code": code,
        "slug": f"lapas-{code.lower()}",
        "name": f"Lapas Contoh {code}",
        "kind": FacilityKind.LAPAS,
        "class_": "IIA",
        "town": "Kota Serang",
        "regency_code": "36.73",
        "postal_code": "42117",
        "address": "Jl. Raya Pandeglang KM 6,5",
        "pickup_hours": "Senin–Kamis 09.00–14.00",
        "created_at": clock.now(),
    } | fields
    rows = [Workshop(name=name, position=position) for position, name in enumerate(workshops)]
    made: Facility = stored(Facility(**values, workshops=rows))
    return made


def sign_in(client: Client, person: User) -> str:
    """Sign a client in without its password; returns the session's token."""
    token, moment = new_token(), clock.now()
    stored(
        UserSession(
            token_hash=token_hash(token),
            user_id=person.id,
            address="127.0.0.1",
            user_agent="",
            created_at=moment,
            last_seen_at=moment,
            expires_at=moment + timedelta(days=30),
        )
    )
    with client.session_transaction(base_url=current_app.config["PUBLIC_BASE_URL"]) as session:
        session.clear()
        session["_user_id"] = token
    return token


def signed_in(client: Client, role: str = "regional", *, facility: Facility | None = None) -> User:
    """A new person of this role, signed in with this client."""
    person = user(role, facility=facility)
    sign_in(client, person)
    return person
