"""The test client behaves like a browser, and notices what a person would not forgive."""

import flask
import pytest
from flask import Flask, g, request

from storefront.core.db import db
from storefront.core.models import Version
from tests.support.client import Client

FRAME = (
    '<!doctype html><html lang="id"><head><title>Uji</title></head><body><main><h1>Uji</h1>{}</main></html>'
)
FORM = """<form method="post" action="/uji/kirim"><input type="hidden" name="csrf_token" value="abc">
<label>Nama <input name="nama" value="Siti"></label><button>Kirim</button></form>"""


@pytest.fixture
def pages() -> Client:
    """A client of a little app with pages of our own making."""
    app = Flask("uji")
    app.config.update(TESTING=True, PUBLIC_BASE_URL="http://127.0.0.1:8000")
    app.test_client_class = Client
    app.add_url_rule("/uji/baik", view_func=lambda: FRAME.format(FORM), endpoint="good")
    app.add_url_rule("/uji/buruk", view_func=lambda: FRAME.format('<p style="color:red">'), endpoint="bad")
    app.add_url_rule("/uji/kirim", view_func=_echo, endpoint="send", methods=["POST"])
    app.add_url_rule("/uji/g", view_func=_remember, endpoint="remember")
    client = app.test_client()
    assert isinstance(client, Client)
    return client


def _echo() -> dict[str, str]:
    return {**request.form, "origin": request.headers.get("Origin", ""), "host": request.host}


def _remember() -> dict[str, str]:
    before = str(g.get("seen", "nothing"))
    g.seen = "something"
    return {"seen": before}


def test_a_bad_page_fails_the_test_that_asked_for_it(pages: Client) -> None:
    pages.get("/uji/baik")
    with pytest.raises(AssertionError, match="/uji/buruk: <p> has a style attribute"):
        pages.get("/uji/buruk")
    pages.lint = False
    assert pages.get("/uji/buruk").status_code == 200


def test_a_form_is_sent_with_what_it_holds_from_the_shops_own_address(pages: Client) -> None:
    answer = pages.submit("/uji/baik", {"nama": "Budi"})
    assert answer.json == {
        "csrf_token": "abc",
        "nama": "Budi",
        "origin": "http://127.0.0.1:8000",
        "host": "127.0.0.1:8000",
    }


def test_a_forged_origin_stays_forged(pages: Client) -> None:
    answer = pages.post("/uji/kirim", headers={"Origin": "https://jahat.example"})
    assert answer.json is not None
    assert answer.json["origin"] == "https://jahat.example"


def test_requests_share_nothing_through_the_context_that_a_test_holds_open(pages: Client) -> None:
    with pages.application.app_context():
        assert pages.get("/uji/g").json == {"seen": "nothing"}
        assert pages.get("/uji/g").json == {"seen": "nothing"}
        assert "seen" not in flask.g


def test_what_a_test_forgot_to_commit_is_said(app: Flask, client: Client) -> None:
    with app.app_context():
        db.session.add(Version(name="uji", value=1))
        with pytest.raises(AssertionError, match="commit before asking"):
            client.get("/healthz")


def test_the_test_sees_what_a_request_stored(app: Flask, client: Client) -> None:
    def raise_version() -> tuple[str, int, dict[str, str]]:
        version = db.session.get(Version, "uji")
        assert version is not None
        version.value += 1
        db.session.commit()
        return "raised", 200, {"Content-Type": "text/plain"}

    app.view_functions["health.healthz"] = raise_version
    with app.app_context():
        version = Version(name="uji", value=1)
        db.session.add(version)
        db.session.commit()
        assert version.value == 1

        assert client.get("/healthz").text == "raised"
        assert version.value == 2
