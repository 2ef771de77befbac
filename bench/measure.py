"""Times, processor time and queries of each page."""

import statistics
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from flask import Flask

from bench.pages import SHARED, STEPS, expect, purchase, whole
from bench.process import HOST, Server
from bench.visitor import Answer, Request, Visitor, inside, over_http
from storefront.cart import services as cart
from storefront.catalog.providers import search_provider
from storefront.catalog.queries.search import corrected, query_stems
from storefront.checkout.services import Buyer, place_order
from storefront.core.db import db
from storefront.core.regions.queries import resolve_district
from tests.support.queries import counted

WARM_UP = 5


@dataclass(frozen=True)
class Timing:
    """Milliseconds: what a visitor waits (median and 95th percentile) and what the server works."""

    median: float
    p95: float
    cpu: float | None


def timed(server: Server, asks: Iterable[tuple[Callable[[], Answer], Callable[[Answer], None]]]) -> Timing:
    """Ask one after the other; each pair is the request and what looks at its answer, untimed."""
    waits = []
    before = server.cpu_ms()
    for ask, look in asks:
        start = time.perf_counter()
        answer = ask()
        waits.append((time.perf_counter() - start) * 1000)
        look(answer)
    after = server.cpu_ms()
    cpu = None if before is None or after is None else (after - before) / len(waits)
    return Timing(statistics.median(waits), percentile(waits, 95), cpu)


def percentile(values: list[float], which: int) -> float:
    """The value that so many of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * which // 100)]


def one_page(server: Server, name: str, path_of: Callable[[int], str], rounds: int) -> Timing:
    """A page, asked for again and again over one connection."""
    visitor = Visitor(over_http(HOST, server.port))

    def ask(number: int) -> Callable[[], Answer]:
        return lambda: visitor.ask(Request(path_of(number)))

    def look(answer: Answer) -> None:
        expect(name, answer)

    for number in range(max(WARM_UP, rounds)):  # every path once, so that a cache holds it
        look(ask(number)())
    return timed(server, ((ask(number), look) for number in range(rounds)))


def shared_pages(server: Server, total: int, rounds: int) -> dict[str, Timing]:
    """Every page that all visitors share."""
    return {
        name: one_page(server, name, lambda number, path=path: path(number, total), rounds)  # type: ignore[misc]
        for name, path in SHARED.items()
    }


def purchase_steps(server: Server, total: int, rounds: int) -> dict[str, Timing]:
    """So many guests, taking each step together, so that its processor time can be told."""
    send = over_http(HOST, server.port)
    for number in range(WARM_UP):
        whole(purchase(Visitor(send), number, total))
    guests = [purchase(Visitor(send), number, total) for number in range(rounds)]
    found = {}
    for name, step in STEPS.items():
        requests = [(guest, step(guest)) for guest in guests]

        def look(answer: Answer, name: str = name) -> None:
            expect(name, answer)

        answers: list[Answer] = []
        asks = [
            (
                lambda guest=guest, request=request, answers=answers: _kept(
                    answers, guest.visitor.ask(request)
                ),
                look,
            )
            for guest, request in requests
        ]
        found[name] = timed(server, asks)
        for guest, answer in zip(guests, answers, strict=True):
            guest.answers.append(answer)
    return found


def _kept(answers: list[Answer], answer: Answer) -> Answer:
    answers.append(answer)
    return answer


def purchases_a_second(server: Server, total: int, rounds: int, visitors: int = 4) -> float:
    """Whole purchases a second, by so many guests at the same time."""

    def buy(of: int) -> None:
        send = over_http(HOST, server.port)
        for number in range(of, rounds, visitors):
            whole(purchase(Visitor(send), number, total))

    start = time.perf_counter()
    with ThreadPoolExecutor(visitors) as pool:
        list(pool.map(buy, range(visitors)))
    return rounds / (time.perf_counter() - start)


def page_queries(app: Flask, total: int) -> dict[str, int]:
    """How often each shared page asks the database, in a shop that has answered before."""
    visitor = Visitor(inside(app))
    found = {}
    for name, path in SHARED.items():
        request = Request(path(3, total))
        expect(name, visitor.ask(request))
        with counted() as statements:
            visitor.ask(request)
        found[name] = len(statements)
    return found


def purchase_queries(app: Flask, total: int) -> dict[str, int]:
    """How often each step of a purchase asks the database; the shared pages are cached."""
    for _ in range(2):
        guest = purchase(Visitor(inside(app)), 3, total)
        found = {}
        for step in STEPS:
            with counted() as statements:
                whole(guest, [step])
            found[step] = len(statements)
    return found


def place_order_queries(app: Flask, total: int) -> int:
    """The queries of placing an order for two things of two facilities, without paying it."""
    with app.app_context():
        bought = purchase(Visitor(inside(app)), 4, total)
        token = None
        for number in (bought.first, bought.second):
            token = cart.add(token, number * 10, 1).token
        district = resolve_district("36.71.05")
        assert token is not None
        assert district is not None
        buyer = Buyer("Siti Contoh", "+6281200001111", "", {"district_label": district.label}, district.code)
        db.session.remove()
        with counted() as statements:
            place_order(token, buyer, payment_method="transfer")
        return len(statements)


@dataclass(frozen=True)
class Search:
    """Milliseconds inside the process, without a page around it."""

    median: float
    p99: float
    typo: float


def search(app: Flask, rounds: int) -> Search:
    """Two words, and the help for a word that nobody sells."""
    words = ["tas pandan", "sepatu kulit", "kursi rotan", "rak jati", "dompet batik", "selendang tenun"]

    def wait(look: Callable[[], object]) -> float:
        start = time.perf_counter()
        look()
        db.session.rollback()
        return (time.perf_counter() - start) * 1000

    with app.app_context():
        stems = [query_stems(text) for text in words]
        search_provider().search(stems[0], 24)
        waits = [wait(lambda: search_provider().search(stems[n % len(stems)], 24)) for n in range(rounds)]  # noqa: B023
        typo = statistics.median(wait(lambda: corrected("selendnag tenum", -n)) for n in range(1, 6))  # noqa: B023
    return Search(statistics.median(waits), percentile(waits, 99), typo)
