"""The pages of the second step, which somebody meets who is half signed in: on no walk, so looked at here."""

from collections.abc import Callable

from flask import Flask
from playwright.sync_api import Page

from storefront.accounts.services import passwords
from tests import factories
from tests.accessibility.conftest import lend_cookies
from tests.support.axe import look
from tests.support.client import Client
from tests.support.crawler import endpoint_of

WAYS = {
    "without an authenticator": ("/masuk/pasang",),
    "with one": ("/masuk/kode", "/masuk/kode-cadangan", "/en/masuk/kode"),
    "on another telephone": ("/akun/verifikasi/pasang",),
}
LOOKED_AT = {"accounts.first_factor", "accounts.second_step", "accounts.recovery_step", "accounts.set_factor"}
GOOD = "meja biru kopi senja"


def test_the_second_step_can_be_used_by_everybody(
    app: Flask, client: Client, window_of: Callable[[str | None], Page]
) -> None:
    password = passwords.hash_password(GOOD)
    found: list[str] = []
    for number, (how, addresses) in enumerate(WAYS.items()):
        has_factor, email = how != "without an authenticator", f"satu{number}@contoh.go.id"
        person = factories.user(email=email, password_hash=password, factor=has_factor)
        somebody = app.test_client()
        assert isinstance(somebody, Client)
        somebody.lint = False
        if how == "on another telephone":
            factories.sign_in(somebody, person)
            proof = {"password": GOOD, "code": factories.code_now()}
            begun = somebody.submit("/akun/verifikasi", proof, action="/akun/verifikasi/mulai")
            assert begun.status_code == 303
        else:
            assert somebody.submit("/masuk", {"email": email, "password": GOOD}).location == "/masuk/kode"
        page = window_of(None)
        lend_cookies(somebody, page, app.config["PUBLIC_BASE_URL"])
        for address in addresses:
            found += look(page, address)
            assert page.url.endswith(address), page.url
    assert not found, "\n".join(found)
    assert {endpoint_of(app, address) for way in WAYS.values() for address in way} == LOOKED_AT
