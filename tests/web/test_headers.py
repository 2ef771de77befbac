"""Headers of every answer: what a page may load, and who may keep a copy of it."""

import pytest

from tests import factories
from tests.buying import buy, open_shop, order_of

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

KEYS = {"STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_WEBHOOK_SECRET": ("whsec_x",)}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)
SHARED = ("/", "/produk", "/lapas", "/sitemap.xml", "/robots.txt")
PERSONAL = ("/keranjang", "/masuk", "/pesanan", "/checkout")


def form_action(response) -> str:
    parts = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    return str(parts["form-action"])


@pytest.mark.parametrize("path", [*SHARED, *PERSONAL, "/tidak-ada", "/healthz", "/media/foto/x.exe"])
def test_every_answer_carries_the_same_strict_rules(client, db, path):
    headers = client.get(path).headers

    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["X-Request-Id"]
    assert "Strict-Transport-Security" not in headers
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_only_the_worker_that_reads_codes_may_run_webassembly(app, client, db):
    """A worker has the policy of its own file: no page needs to be allowed anything."""
    client.lint = False
    assets = app.extensions["assets"]
    policies = {
        name: client.head(assets.url(name)).headers["Content-Security-Policy"] for name in assets.files
    }
    worker = policies.pop("js/code-worker.js")
    assert worker == "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
    assert set(policies.values()) == {POLICY}


@pytest.mark.settings(**KEYS)
def test_with_card_payments_a_form_may_lead_to_the_card_page_and_nowhere_else(client, db):
    assert form_action(client.get("/keranjang")) == "'self' https://checkout.stripe.com"


@pytest.mark.settings(**KEYS, STRIPE_API_BASE="http://127.0.0.1:9999")
def test_the_card_page_of_a_simulator_is_its_own(client, db):
    assert form_action(client.get("/")) == "'self' http://127.0.0.1:9999"


def test_https_is_remembered_for_a_year_and_never_promised_over_http(client, db):
    base = client.application.config["PUBLIC_BASE_URL"].replace("http:", "https:")

    secure = client.get("/", base_url=base)

    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("path", PERSONAL)
def test_nobody_keeps_a_personal_page(client, db, path):
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_nobody_keeps_the_page_of_an_order(client, db):
    open_shop()
    token = order_of(buy({factories.product(): 1})).token

    response = client.get(f"/pesanan/{token}")

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(("role", "path"), [("regional", "/kanwil"), ("facility_head", "/petugas")])
def test_nobody_keeps_a_page_of_the_office(client, db, role, path):
    factories.signed_in(client, role, facility=factories.facility() if role != "regional" else None)

    assert client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/tidak-ada", 404),
        ("/produk/tidak-ada", 404),
        ("/media/foto/tidak-ada-360.webp", 404),
        ("/static/tidak-ada.css", 404),
        ("/sitemap-tidak-ada.xml", 404),
        ("/produk?harga_min=x", 422),
        ("/keranjang/tambah", 405),
    ],
)
def test_a_refusal_is_never_kept(client, db, path, status):
    for _ in range(2):
        response = client.get(path)
        assert response.status_code == status
        assert response.headers["Cache-Control"] == "no-store"


def test_the_page_of_a_product_that_is_gone_is_never_kept(client, db):
    product = factories.product(status="archived")
    response = client.get(f"/produk/{product.slug}")

    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "no-store"
