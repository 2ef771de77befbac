"""Pages in the states that nobody plans for: refusals, forms with mistakes, a shop with nothing in it."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from playwright.sync_api import Page
from werkzeug.exceptions import RequestEntityTooLarge

from storefront.core.errors import DomainError, Forbidden, Invalid, NotFound, TooMany, Unavailable
from storefront.web import errors
from storefront.web.access import ACCESS, Access
from storefront.web.menus import HOME, MENUS
from tests import factories
from tests.accessibility.conftest import lend_cookies
from tests.buying import cart_of, open_shop
from tests.support.axe import look, look_here
from tests.support.browser import Windows
from tests.support.client import Client

REFUSALS: dict[int, Exception] = {
    403: Forbidden(),
    404: NotFound(),
    409: DomainError("Stok sudah habis."),
    413: RequestEntityTooLarge(),
    422: Invalid({"nama": "Tulis nama Anda."}),
    429: TooMany(30),
    500: ZeroDivisionError("a bug"),
    503: Unavailable(30),
}
FORMS = {
    None: ("/masuk", "/lacak", "/checkout", "/daftar", "/lupa-kata-sandi", "/pengaduan"),
    "buyer": ("/akun/alamat/baru",),
    "facility_head": ("/petugas/produk/baru",),
    "regional": ("/kanwil/lapas/baru", "/kanwil/pengguna/baru", "/kanwil/kategori", "/kanwil/rekening"),
    "promoter": ("/pemprov/acara/baru",),
}
"""Forms that have something to object to when they are sent empty."""
_SEND_EMPTY = """() => {
    const form = [...document.querySelectorAll('main form')].find(one => one.method === 'post'
        && one.querySelector('input:not([type=hidden]):not([type=checkbox]):not([type=radio]), textarea'));
    for (const box of form.querySelectorAll('input, textarea'))
        if (!['hidden', 'checkbox', 'radio', 'submit'].includes(box.type)) box.value = '';
    form.noValidate = true;
    [...form.elements].find(one => one.type === 'submit' && !one.formNoValidate).click();
}"""

WindowOf = Callable[[str | None], Page]


def test_refusals_can_be_read_by_everybody(app: Flask, windows: Windows, db: SQLAlchemy, monkeypatch) -> None:
    app.register_error_handler(Exception, errors._crashed)  # as where strangers visit
    for status, refusal in REFUSALS.items():

        def refuse(refusal: Exception = refusal) -> str:
            raise refusal

        app.add_url_rule(f"/tolak/{status}", f"tolak{status}", refuse)
        monkeypatch.setitem(ACCESS, f"tolak{status}", Access.PUBLIC)
    page = windows.open()
    found = []
    for status in REFUSALS:
        found += look(page, f"/tolak/{status}")
        assert page.locator("[data-status]").first.get_attribute("data-status") == str(status)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("role", FORMS)
def test_mistakes_are_named_first_and_beside_their_fields(
    window_of: WindowOf, client: Client, windows: Windows, role: str | None
) -> None:
    page = window_of(role)
    found = []
    for address in FORMS[role]:
        if address == "/checkout":
            _fill_cart(page, windows)
        page.goto(address)
        with page.expect_navigation() as sent:
            page.evaluate(_SEND_EMPTY)
        assert sent.value.status == 422, address
        summary = page.locator(".error-summary")
        assert summary.evaluate("part => part === document.activeElement"), f"{address}: no focus"
        link = summary.get_by_role("link").first
        wanted = (link.get_attribute("href") or "#")[1:]
        link.press("Enter")
        there = page.evaluate("() => document.activeElement.id || document.activeElement.name")
        assert there.startswith(wanted), f"{address}: its line leads to {there}, not {wanted}"
        assert page.locator(f"[id='{wanted}']").get_attribute("aria-invalid") == "true", address
        found += look_here(page, address)
    assert not found, "\n".join(found)


def _fill_cart(page: Page, windows: Windows) -> None:
    token = cart_of({factories.product(title="Tas Anyam Pandan"): 1})
    page.context.add_cookies([{"name": "keranjang", "value": token, "url": windows.base_url}])


@pytest.mark.parametrize("role", [None, "buyer", "facility_head", "regional", "promoter"])
def test_an_empty_shop_is_no_dead_end(
    client: Client, windows: Windows, db: SQLAlchemy, role: str | None
) -> None:
    open_shop()
    page = windows.open()
    addresses = ["/", "/produk", "/produk?q=tidakada", "/lapas", "/acara", "/keranjang", "/checkout"]
    if role:
        facility = factories.facility("LPA") if role.startswith("facility") else None
        factories.signed_in(client, role, facility=facility)
        lend_cookies(client, page, windows.base_url)
        addresses = [HOME[role], *(item.path for item in MENUS[role])]
    found = [fault for address in dict.fromkeys(addresses) for fault in look(page, address)]
    assert not found, "\n".join(found)
