"""Questions to vendors: time limits, one repeat, the breaker, and nothing but JSON."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from storefront.core import outgoing
from storefront.core.outgoing import FAILURES, PAUSE, Away, Breaker, Vendor

Reply = tuple[int, str]


class Service:
    """A real HTTP server that says what it is told, and remembers what it was asked."""

    def __init__(self) -> None:
        self.replies: list[Reply | Callable[[BaseHTTPRequestHandler], None]] = []
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.base = f"http://127.0.0.1:{self._server.server_port}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                service.asked.append((self.command, self.path, dict(self.headers), body))
                reply = service.replies.pop(0) if service.replies else (200, "{}")
                if callable(reply):
                    reply(self)
                    return
                status, text = reply
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            do_GET = do_POST = _answer  # noqa: N815 (the library's names)

            def log_message(self, *_words: object) -> None:
                pass

        return Handler

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def service() -> Iterator[Service]:
    running = Service()
    yield running
    running.stop()


@pytest.fixture
def vendor(service: Service) -> Vendor:
    return Vendor("tester", service.base, {"Authorization": "Bearer rahasia"}, read=0.4)


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """The connection ends before a word was said: nobody knows whether it was done."""
    handler.connection.close()


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Always a little more, never the end."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(40):
        try:
            handler.wfile.write(b" " * 1024)
            handler.wfile.flush()
        except OSError:
            return
        threading.Event().wait(0.05)


def test_an_answer_is_json_with_its_status(service: Service, vendor: Vendor) -> None:
    service.replies = [(200, '{"a": [1]}'), (404, '{"why": "unknown"}')]
    assert vendor.get("/x", {"q": "a b"}).data == {"a": [1]}
    refused = vendor.get("/y")
    assert (refused.ok, refused.status, refused.data) == (False, 404, {"why": "unknown"})
    assert service.asked[0][1] == "/x?q=a+b"
    assert service.asked[0][2]["Authorization"] == "Bearer rahasia"


def test_what_is_sent_is_json_or_a_form(service: Service, vendor: Vendor) -> None:
    vendor.post("/j", {"amount": 1}, headers={"Idempotency-Key": "k"})
    vendor.post("/f", {"amount": "1"}, form=True)
    assert json.loads(service.asked[0][3]) == {"amount": 1}
    assert service.asked[0][2]["Idempotency-Key"] == "k"
    assert service.asked[1][3] == b"amount=1"


@pytest.mark.parametrize(
    "fault",
    [(503, "{}"), (429, "{}"), (200, "<html>"), (302, ""), hang_up, drip],
    ids=["503", "429", "no JSON", "redirect", "hang up", "drip"],
)
def test_a_vendor_that_fails_is_asked_once_more(service: Service, vendor: Vendor, fault: Reply) -> None:
    service.replies = [fault, (200, '{"done": true}')]
    assert vendor.get("/x").data == {"done": True}
    service.replies = [fault, fault, (200, "{}")]
    with pytest.raises(Away):
        vendor.get("/x")
    assert len(service.asked) == 4


def test_what_could_be_done_twice_is_not_repeated(service: Service, vendor: Vendor) -> None:
    service.replies = [hang_up]
    with pytest.raises(Away):
        vendor.post("/charge", {})
    assert len(service.asked) == 1
    service.replies = [hang_up]
    assert vendor.post("/charge", {}, repeat=True).ok
    assert len(service.asked) == 3


def test_a_vendor_that_is_not_there_is_away() -> None:
    with pytest.raises(Away) as raised:
        Vendor("nobody", "http://127.0.0.1:9", connect=0.2).get("/")
    assert raised.value.status == 503


def test_a_resting_vendor_is_not_asked_and_one_call_tries(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    vendor = Vendor("resting", service.base)
    monkeypatch.setattr(outgoing.breaker("resting", service.base), "clock", lambda: now[0])
    service.replies = [(500, "{}")] * (2 * FAILURES)
    for _ in range(FAILURES):
        with pytest.raises(Away):
            vendor.get("/")
    asked = len(service.asked)
    with pytest.raises(Away) as raised:
        vendor.get("/")
    assert len(service.asked) == asked
    assert 0 < raised.value.retry_after <= PAUSE + 1
    now[0] = PAUSE + 0.1
    assert vendor.get("/").ok
    assert vendor.get("/").ok


def test_while_one_call_tries_the_others_wait_no_longer() -> None:
    now = [0.0]
    guard = Breaker("x", clock=lambda: now[0])
    for _ in range(FAILURES):
        guard.enter()
        guard.note(answered=False)
    now[0] = PAUSE + 1
    guard.enter()
    with pytest.raises(Away):
        guard.enter()
    guard.note(answered=False)
    with pytest.raises(Away):
        guard.enter()
    now[0] *= 2
    guard.enter()
    guard.note(answered=True)
    guard.enter()


def test_four_failures_are_bad_luck() -> None:
    guard = Breaker("y")
    for _ in range(3):
        for _ in range(FAILURES - 1):
            guard.enter()
            guard.note(answered=False)
        guard.enter()
        guard.note(answered=True)


def test_nobody_is_asked_while_rows_are_locked(db, vendor: Vendor, service: Service) -> None:
    db.session.execute(db.text("SELECT 1"))
    with pytest.raises(RuntimeError, match="end the transaction"):
        vendor.get("/")
    db.session.rollback()
    assert vendor.get("/").ok
    assert len(service.asked) == 1


def test_keys_stay_out_of_what_is_printed(vendor: Vendor) -> None:
    assert "rahasia" not in repr(vendor)
