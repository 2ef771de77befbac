"""Answers sent again without Flask: the same answer, only while it is true, only of pages that all share."""

import json
import logging

import pytest
from flask import Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from storefront.core import clock
from storefront.core.transactions import touch, transaction, version
from storefront.core.watch import Watch
from storefront.web.languages import LanguagePrefix
from storefront.web.replay import Replay
from storefront.web.requestlog import JsonLines
from tests import factories

GZIP = {"Accept-Encoding": "gzip"}
PER_REQUEST = ("X-Request-Id", "Date")


@pytest.fixture
def seen_by_flask(app):
    """Paths that reached Flask itself."""
    paths: list[str] = []
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: paths.append(request.path))
    return paths


def headers_of(answer) -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in answer.headers if name not in PER_REQUEST)


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("path", ["/produk", "/en/produk", "/sitemap.xml"])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_second_visitor_gets_the_very_same_answer(client, db, seen_by_flask, path, method):
    factories.product()
    client.lint = False
    first = getattr(client, method)(path, headers=GZIP)
    asked = len(seen_by_flask)
    again = getattr(client, method)(path, headers=GZIP)

    assert len(seen_by_flask) == asked == 1
    assert (again.status_code, again.data) == (first.status_code, first.data)
    assert headers_of(again) == headers_of(first)
    assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    assert "Content-Security-Policy" in again.headers


def test_a_copy_that_is_still_true_is_not_sent_again(client, db, seen_by_flask):
    client.lint = False
    tag = client.get("/produk", headers=GZIP).headers["ETag"]
    first, again = (client.get("/produk", headers=GZIP | {"If-None-Match": tag}) for _ in range(2))

    assert (again.status_code, again.data) == (304, b"")
    assert headers_of(again) == headers_of(first)
    assert len(seen_by_flask) == 2


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_whoever_sets_a_condition_gets_its_own_answer(client, db):
    """Not what an earlier visitor got who set another condition, or none."""
    client.lint = False
    tag = client.get("/produk", headers=GZIP).headers["ETag"]
    hers = {"If-None-Match": tag}
    asked = [{}, hers, {"If-Match": '"x"'}, hers | {"If-Match": '"x"'}, {"Range": "bytes=0-9"}]
    for _ in range(2):
        for method in ("get", "head"):
            answers = [getattr(client, method)("/produk", headers=GZIP | one) for one in asked]
            assert [answer.status_code for answer in answers] == [200, 304, 412, 412, 200]
            assert len({answer.headers.get("Content-Length") for answer in (answers[0], answers[-1])}) == 1


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_who_asks_at_length_is_answered_and_not_remembered(app, client, db):
    replay = app.extensions["replay"]
    for sent in ({}, {"If-None-Match": '"x"' * 1000}):
        assert client.get(f"/produk?x={'y' * (0 if sent else 3000)}", headers=sent).status_code == 200
    assert len(replay._answers) == 0


def test_every_change_is_seen_by_the_very_next_visitor(client, db):
    product = factories.product(title="Tas Anyam")
    for number in range(3):
        for _ in range(2):
            assert f"Tas {number}" not in client.get("/produk").text
        with transaction():
            db.session.merge(product).title = f"Tas {number}"
            touch("catalog")
        assert f"Tas {number}" in client.get("/produk").text


def test_another_process_sees_a_change_at_once(make_app, config, db, client):
    product = factories.product(title="Tas Anyam")
    neighbour = make_app(config).test_client()
    for _ in range(2):
        assert "Tas Anyam" in neighbour.get("/produk").text
    with transaction():
        db.session.merge(product).title = "Tas Baru"
        touch("catalog")

    assert "Tas Baru" in neighbour.get("/produk").text


def test_a_change_that_is_not_committed_is_not_seen(app, db):
    watch = Watch(app, "catalog")
    before = watch.version()
    with pytest.raises(ValueError, match="no"), transaction():  # noqa: PT012
        factories.product()
        touch("catalog")
        assert watch.version() == before
        raise ValueError("no")
    assert watch.version() == before == version("catalog")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_next_day_is_another_page(client, db, seen_by_flask):
    client.get("/acara")
    with clock.travel(clock.now().replace(year=2031)):
        client.get("/acara")
    assert len(seen_by_flask) == 2


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_languages_hosts_and_unpackers_never_share(client, db):
    factories.product()
    client.lint = False
    asked = {
        (path, packing): client.get(path, headers={"Accept-Encoding": packing}).data
        for _ in range(2)
        for path in ("/produk", "/en/produk")
        for packing in ("gzip", "identity")
    }
    assert len(set(asked.values())) == 4
    assert b'<html lang="id"' in asked["/produk", "identity"]
    assert b'<html lang="en"' in asked["/en/produk", "identity"]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.settings(TRUSTED_HOSTS=("127.0.0.1",))
def test_a_foreign_host_is_refused_although_the_page_is_ready(client, db):
    for _ in range(2):
        assert client.get("/produk").status_code == 200
    assert client.get("/produk", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_personal_pages_and_forms_always_reach_flask(client, db, seen_by_flask):
    product = factories.product()
    client.get(f"/produk/{product.slug}")
    client.post("/keranjang/tambah", data={"variant": product.variants[0].id, "jumlah": 1})
    client.get("/keranjang")
    client.get("/keranjang")
    client.get("/tidak-ada")
    client.get("/tidak-ada")
    assert len(seen_by_flask) == 6


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_an_answer_with_a_cookie_is_for_one_visitor_only(app, client, db, seen_by_flask):
    app.after_request_funcs.setdefault(None, []).append(marked)
    for _ in range(2):
        assert "Set-Cookie" in client.get("/produk").headers
    assert len(seen_by_flask) == 2


def marked(response: Response) -> Response:
    response.set_cookie("nama", "Siti")
    return response


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_replayed_answer_is_logged_like_any_other(client, db, caplog, monkeypatch):
    monkeypatch.setattr(logging.getLogger("storefront"), "propagate", False)
    monkeypatch.setattr(logging.getLogger("storefront"), "handlers", [caplog.handler])
    caplog.set_level(logging.INFO, logger="storefront")
    answers = [client.get("/produk?q=tas") for _ in range(2)]

    lines = [json.loads(JsonLines().format(record)) for record in caplog.records]
    assert [line["id"] for line in lines] == [answer.headers["X-Request-Id"] for answer in answers]
    first, again = ({key: line[key] for key in line if key not in {"id", "at", "ms"}} for line in lines)
    assert first == again
    assert first["rule"] == "/produk"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.settings(PROXY_HOPS=1)
def test_it_stands_once_and_innermost(app, client, db, caplog, monkeypatch):
    around, inner = [], app.wsgi_app
    while hasattr(inner, "app") and inner is not app:
        around.append(type(inner))
        inner = inner.app
    assert around.count(Replay) == 1
    assert around[-1] is Replay
    assert {LanguagePrefix, ProxyFix} <= set(around)

    monkeypatch.setattr(logging.getLogger("storefront"), "propagate", False)
    monkeypatch.setattr(logging.getLogger("storefront"), "handlers", [caplog.handler])
    caplog.set_level(logging.INFO, logger="storefront")
    for address in ("192.0.2.7", "192.0.2.8"):
        client.get("/produk", headers={"X-Forwarded-For": address})
    assert [record.fields["address"] for record in caplog.records] == ["192.0.2.7", "192.0.2.8"]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.settings(PROXY_HOPS=1)
def test_behind_a_proxy_nobody_gets_the_page_of_another_host_or_scheme(client, db):
    for _ in range(2):
        for scheme, promised in (("http", False), ("https", True)):
            sent = client.get("/produk", headers={"X-Forwarded-Proto": scheme}).headers
            assert ("Strict-Transport-Security" in sent) is promised
        assert client.get("/produk", headers={"X-Forwarded-Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_memory_has_an_end(app, client, db):
    replay = app.extensions["replay"]
    replay.most = 5
    for number in range(20):
        client.get(f"/produk?x={number}")
    assert len(replay._answers) == 5


def test_a_database_that_does_not_answer_gets_no_ready_page(app, db):
    watch = Watch(app, "catalog")
    assert watch.version() is not None
    with transaction():
        db.session.connection().exec_driver_sql("DROP TABLE versions")
    assert watch.version() is None
