"""Every route has a row in the access table, every row a route, and the rooms are closed to others."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from werkzeug.routing import BaseConverter, Rule
from werkzeug.test import TestResponse

from storefront.web.access import _OPEN, _ROLES, _ROOMS, ACCESS, Access
from tests import factories
from tests.support.client import SAFE, Client

ROLES = ("buyer", "facility_staff", "facility_head", "regional", "promoter")
WRITES = ("INSERT", "UPDATE", "DELETE")
CLOSED = [access for access in Access if access not in _OPEN]


class Door(NamedTuple):
    """One way into a route."""

    endpoint: str
    method: str
    path: str
    has_arguments: bool


def doors(app: Flask) -> Iterator[Door]:
    """Every route with every method that does something, its arguments filled in with anything."""
    adapter = app.url_map.bind("127.0.0.1")
    for rule in app.url_map.iter_rules():
        values = {name: _anything(rule._converters[name]) for name in rule.arguments}
        path = adapter.build(rule.endpoint, values, method=_method(rule))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Door(rule.endpoint, method, path, bool(rule.arguments))


def _method(rule: Rule) -> str:
    return "GET" if "GET" in (rule.methods or set()) else min(rule.methods or {"POST"})


def _anything(converter: BaseConverter) -> object:
    for value in (987654, "apa-saja"):
        if converter.regex and re.fullmatch(converter.regex, str(value)):
            return value
    return converter.regex.strip("(?:)").split("|")[0]  # one of any(…)


def test_no_door_lies_in_two_rooms() -> None:
    rows = [f"{room}.{door}" for rooms in _ROOMS.values() for room in rooms for door in rooms[room].split()]
    assert len(rows) == len(set(rows)) == len(ACCESS) - len({"static"})


@pytest.fixture
def knock(app: Flask, client: Client):
    """Calls a door with the client. The token of forms is another matter, tested elsewhere."""
    app.config["WTF_CSRF_ENABLED"] = False
    client.lint = False

    def call(door: Door) -> TestResponse:
        return client.open(door.path, method=door.method)

    return call


@pytest.fixture
def read(knock, query_count: Callable) -> Callable[[Door], TestResponse]:
    """Opens a door to look: a link, a preview or a crawler must not set anything off."""

    def look(door: Door) -> TestResponse:
        with query_count() as statements:
            answer = knock(door)
        writes = [text for text in statements if text.lstrip().upper().startswith(WRITES)]
        assert not writes, (door, writes)
        return answer

    return look


def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}

    assert endpoints == set(ACCESS)


def test_reading_writes_nothing(app: Flask, db: SQLAlchemy, client: Client, read) -> None:
    """A stranger anywhere, others where everybody may be; in the rooms of roles the next tests read too."""
    facility = factories.facility()
    for role in (None, *ROLES):
        if role:
            factories.signed_in(client, role, facility=facility if role.startswith("facility") else None)
        for door in doors(app):
            if door.method in SAFE and not (role and ACCESS[door.endpoint] in _ROLES):
                read(door)


def test_strangers_are_asked_to_sign_in(app: Flask, knock) -> None:
    for door in doors(app):
        if ACCESS[door.endpoint] not in CLOSED:
            continue
        answer = knock(door)
        assert answer.status_code == 303, door
        assert answer.location.startswith("/masuk?lanjut=/"), door
        assert answer.headers["Cache-Control"] == "no-store", door


def test_strangers_may_enter_what_is_open(app: Flask, knock) -> None:
    for door in doors(app):
        if ACCESS[door.endpoint] not in _OPEN or door.method not in SAFE:
            continue
        answer = knock(door)
        fine = {200, 302, 303, 308, 404} if door.has_arguments else {200, 302, 303}
        assert answer.status_code in fine, (door, answer.status)
        assert not (answer.location or "").startswith("/masuk"), door


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_kept_out_of_the_rooms_of_others(
    app: Flask, db: SQLAlchemy, client: Client, knock, read, role: str
) -> None:
    inside = role.startswith("facility")
    factories.signed_in(client, role, facility=factories.facility() if inside else None)
    for door in doors(app):
        access = ACCESS[door.endpoint]
        if access not in _ROLES:
            continue
        may = role in _ROLES[access]
        if may and door.method not in SAFE:
            continue
        answer = (read if door.method in SAFE else knock)(door)
        if not may:
            assert answer.status_code == 403, door
        else:
            fine = {200, 302, 303, 404} if door.has_arguments else {200, 302, 303}
            assert answer.status_code in fine, (door, answer.status)
            assert answer.headers["Cache-Control"] == "no-store", door


def test_shared_pages_are_the_same_for_everybody(app: Flask, db: SQLAlchemy, client: Client, knock) -> None:
    shared = [door for door in doors(app) if ACCESS[door.endpoint] == Access.SHARED and door.method in SAFE]
    before = {door: knock(door) for door in shared}
    factories.signed_in(client, "regional")
    for door in shared:
        answer = knock(door)
        assert answer.data == before[door].data or answer.status_code != 200, door
        assert "Set-Cookie" not in answer.headers, door
        assert "Cookie" not in answer.headers.get("Vary", ""), door
