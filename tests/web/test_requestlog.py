"""The log: one line of JSON a request, nothing that a visitor could forge, nothing that is a secret."""

import json
import logging
import sys

import pytest

from storefront.web.requestlog import JsonLines
from tests import factories
from tests.buying import buy, open_shop, order_of

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def lines(caplog, monkeypatch):
    """Call it for the lines that were logged so far, as the server prints them.

    Listens at the shop's own logger: one that a test outside `TESTING` built keeps its lines to itself.
    """
    monkeypatch.setattr(logging.getLogger("storefront"), "propagate", False)
    monkeypatch.setattr(logging.getLogger("storefront"), "handlers", [caplog.handler])
    caplog.set_level(logging.INFO, logger="storefront")
    return lambda: [JsonLines().format(r) for r in caplog.records if r.name.startswith("storefront")]


def test_a_request_is_one_line_with_the_number_that_the_visitor_got(client, db, lines):
    response = client.get("/produk?q=tas")

    [line] = lines()
    entry = json.loads(line)
    assert "\n" not in line
    assert entry["id"] == response.headers["X-Request-Id"]
    assert (entry["method"], entry["rule"], entry["status"]) == ("GET", "/produk", 200)
    assert entry["level"] == "info"
    assert entry["at"].endswith("+00:00")
    assert entry["ms"] >= 0
    assert "tas" not in line


def test_the_address_of_an_order_is_logged_by_its_pattern_only(client, db, lines):
    open_shop()
    order = order_of(buy({factories.product(): 1}))
    token, number = order.token, order.number

    client.get(f"/pesanan/{token}?lewat=surat")
    client.get(f"/pesanan/{token}/status")
    client.get(f"/pesanan/{token}x")
    client.post(f"/pesanan/{token}/bayar", data={"bayar": "transfer"})
    client.post("/lacak", data={"nomor": number, "telepon": "081200001111"})

    said = "\n".join(lines())
    assert len(lines()) == 5
    assert "/pesanan/<token>" in said
    for secret in (token, number, "8120000", "Siti", "siti@", "Jl. Contoh"):
        assert secret not in said


@pytest.mark.parametrize("path", ["/healthz", "/static/tidak-ada.css"])
def test_what_comes_every_second_is_not_logged(client, db, lines, path):
    client.get(path)

    assert [line for line in lines() if "healthz" in line] == []


def test_a_line_break_from_outside_stays_inside_its_line(client, db, lines):
    client.get("/x%0a{%22level%22:%22info%22}", headers={"User-Agent": "a\tb", "Referer": "x"})
    log = logging.getLogger("storefront.test")
    log.warning("name %s", 'evil\n{"level": "info"}\r\n\u2028end')

    for line in lines():
        assert len(line.splitlines()) == 1
        assert isinstance(json.loads(line), dict)
    assert json.loads(lines()[-1])["message"] == 'name evil\n{"level": "info"}\r\n\u2028end'


def test_an_exception_is_one_line_too(backend):
    try:
        int("first\nsecond")
    except ValueError:
        record = logging.LogRecord("storefront", logging.ERROR, "x", 1, "failed", (), sys.exc_info())

    line = JsonLines().format(record)

    assert len(line.splitlines()) == 1
    assert "ValueError: invalid literal" in json.loads(line)["exception"]


def test_every_request_has_a_number_of_its_own_that_nobody_can_choose(client, db):
    headers = {"X-Request-Id": "chosen"}
    numbers = {client.get("/robots.txt", headers=headers).headers["X-Request-Id"] for _ in range(5)}

    assert len(numbers) == 5
    assert "chosen" not in numbers
