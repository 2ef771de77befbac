"""Requests that other sites make in a visitor's name: refused by where they come from, and by a token."""

import pytest

from tests import factories
from tests.buying import only, open_shop
from tests.support.html import values

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

ADD = "/keranjang/tambah"


@pytest.fixture
def wish(db) -> dict[str, int]:
    open_shop()
    return {"variant": only(factories.product()).id, "jumlah": 1}


def refused(response) -> bool:
    """Whether the shop said no, in words; anything else has to be its usual answer to this form."""
    if response.status_code == 403:
        assert "tidak berasal dari halaman toko" in response.text
        return True
    assert response.status_code == 303
    return False


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "Same-Origin", "nonsense"])
def test_a_browser_that_says_from_elsewhere_is_refused(client, wish, site):
    own = client.application.config["PUBLIC_BASE_URL"]

    assert refused(client.post(ADD, data=wish, headers={"Sec-Fetch-Site": site, "Origin": own}))
    assert client.get_cookie("isi_keranjang") is None


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_page_is_welcome(client, wish, site):
    assert not refused(client.post(ADD, data=wish, headers={"Sec-Fetch-Site": site}))


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "", "http://127.0.0.1", "http://127.0.0.1:1", "127.0.0.1", "file://"],
)
def test_an_older_browser_is_known_by_its_origin(client, wish, origin):
    assert refused(client.post(ADD, data=wish, headers={"Origin": origin}))


def test_an_address_that_only_begins_like_ours_is_not_ours(client, wish):
    own = client.application.config["PUBLIC_BASE_URL"]

    for origin in (f"{own}.evil.example", f"{own}@evil.example", f"https://evil.example/{own}"):
        assert refused(client.post(ADD, data=wish, headers={"Origin": origin}))
    assert not refused(client.post(ADD, data=wish, headers={"Origin": own}))


def test_a_program_that_is_no_browser_may_ask(app, wish):
    program = app.test_client()
    program._like_a_browser = lambda kwargs: kwargs.setdefault("base_url", app.config["PUBLIC_BASE_URL"])

    assert not refused(program.post(ADD, data=wish))


@pytest.mark.parametrize("path", ["/", "/produk", "/keranjang", "/masuk", "/healthz"])
def test_reading_is_open_to_links_from_everywhere(client, db, path):
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}

    assert client.get(path, headers=headers).status_code == 200


def test_every_door_that_changes_something_is_guarded(app, client, db):
    adapter = app.url_map.bind("")
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()):
            continue
        values = dict.fromkeys(rule.arguments, "1") | {"role": "facility_staff"}
        answer = client.post(adapter.build(rule.endpoint, values), headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403, rule


@pytest.mark.parametrize("token", [None, "", "x", "IjEi.aaaa.bbbb"])
def test_a_form_on_a_personal_page_needs_its_token(client, db, token):
    data = {"email": "a@contoh.id", "password": "x"} | ({} if token is None else {"csrf_token": token})

    response = client.post("/masuk", data=data)

    assert response.status_code == 400
    assert "Buka halamannya lagi" in response.text
    assert response.headers["Cache-Control"] == "no-store"


def test_the_token_of_another_visitor_does_not_fit(app, client, db):
    stranger = app.test_client()
    token = values(stranger.page("/masuk").form())["csrf_token"]
    client.page("/masuk")

    assert client.post("/masuk", data={"csrf_token": token}).status_code == 400
