"""U+0000 in an address: PostgreSQL refuses it in a text, and nobody sees an error of ours for it."""

import re

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from storefront.web.access import ACCESS, Access
from tests import factories
from tests.architecture.test_access import doors
from tests.support.client import Client

ROLES = {
    Access.PUBLIC: "", Access.SHARED: "", Access.FACILITY: "facility_staff", Access.REGIONAL: "regional",
    Access.PROMOTER: "promoter", Access.BUYER: "buyer", Access.OFFICE: "regional",
}  # fmt: skip
QUERY = "&".join(f"{name}=x%00" for name in ("q", "tujuan", "kecamatan", "status", "tahap", "label"))


@pytest.mark.parametrize("kind", ROLES, ids=lambda kind: kind.name)
def test_no_page_breaks(app: Flask, db: SQLAlchemy, client: Client, kind: Access) -> None:
    if role := ROLES[kind]:
        home = factories.facility() if kind is Access.FACILITY else None
        factories.signed_in(client, role, facility=home)
    client.lint = False
    pages = {
        path
        for door in doors(app)
        if door.method == "GET" and ACCESS[door.endpoint] is kind
        for path in (f"{door.path}?{QUERY}", re.sub("987654|apa-saja", "x%00", door.path))
    }
    codes = {page: client.get(page).status_code for page in sorted(pages)}
    assert 200 in codes.values()
    assert {page: code for page, code in codes.items() if code >= 500} == {}
