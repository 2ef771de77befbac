"""The office writes the shop's own pages: nothing is lost, nothing is shown before its day, nothing lies."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from storefront.accounts.models import User
from storefront.core import clock
from storefront.core.errors import Invalid
from storefront.core.models import AuditEntry
from storefront.texts import queries, services
from storefront.texts.models import PageSlug, PageVersion
from storefront.texts.services import Draft, Overtaken
from tests import factories
from tests.support.client import Client

NEW = "> Kami kirim setiap Selasa.\n\n## Tukar {#tukar}\nDalam **tiga hari**."
ENGLISH = "> We send every Tuesday.\n\n## Exchanges {#tukar}\nWithin **three days**."
only_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def writer(db: SQLAlchemy) -> int:
    return factories.user("regional").id


def publish(by_id: int, body: str = NEW, **fields: Any) -> int:
    words = {"slug": PageSlug.TERMS, "language": "id", "title": "Syarat", "reason": "Uji", "base": 0} | fields
    return services.publish_text(Draft(body=body, **words), by_id=by_id)


def words_on(client: Client, path: str) -> str:
    return client.page(path).one("main").text


def test_a_page_says_what_the_office_wrote_at_once(client: Client, writer: int) -> None:
    assert "tiga hari" not in words_on(client, "/syarat"), "now it is in the cache"
    assert publish(writer) == 1
    page = client.page("/syarat").one("main")
    assert "tiga hari" in page.text
    assert "Berlaku sejak" in page.text
    assert page.one("h2", id="tukar").text.strip() == "Tukar"


def test_the_same_form_sent_twice_is_one_text(writer: int) -> None:
    assert (publish(writer), publish(writer)) == (1, 1)
    with pytest.raises(Overtaken):
        publish(writer, NEW + "\nLagi.")
    assert publish(writer, NEW + "\nLagi.", base=1) == 2
    assert PageVersion.query.count() == 2
    assert AuditEntry.query.filter_by(action="text.published").count() == 2


def test_an_older_text_comes_back_as_a_new_one(client: Client, writer: int) -> None:
    publish(writer)
    publish(writer, NEW.replace("tiga", "lima"), base=1)
    title, body = queries.text_of(PageSlug.TERMS, "id", 1)
    assert publish(writer, body, title=title, base=2, reason="Kembali ke naskah 1.") == 3
    assert "tiga hari" in words_on(client, "/syarat")
    assert [row.number for row in queries.history(PageSlug.TERMS, "id")] == [3, 2, 1]


def test_a_translation_that_is_not_there_is_not_made_up(client: Client, writer: int) -> None:
    publish(writer)
    shown = client.page("/en/syarat").one("main")
    assert "tiga hari" in shown.text
    assert "has not been translated" in shown.text
    assert shown.one("div", class_="written__words prose").attrs["lang"] == "id"
    publish(writer, ENGLISH, language="en", title="Terms")
    assert "three days" in words_on(client, "/en/syarat")
    assert "newer than this translation" not in words_on(client, "/en/syarat")
    with clock.travel(clock.now() + timedelta(minutes=1)):
        publish(writer, NEW.replace("tiga", "lima"), base=1)
    assert "newer than this translation" in words_on(client, "/en/syarat")
    publish(writer, "", language="en", title="Terms", base=1)
    assert "lima hari" in words_on(client, "/en/syarat")


def test_a_text_for_a_later_day_waits_and_is_announced(client: Client, writer: int) -> None:
    today = clock.today()
    later = today + timedelta(days=9)
    publish(writer, valid_from=later)
    assert "tiga hari" not in words_on(client, "/syarat")
    assert "Naskah baru berlaku mulai" in words_on(client, "/syarat")
    assert "tiga hari" in words_on(client, f"/syarat/{later.isoformat()}")
    publish(writer, NEW.replace("tiga", "empat"), base=1)
    assert "empat hari" in words_on(client, "/syarat")
    with clock.travel(clock.now() + timedelta(days=9)):
        assert "tiga hari" in words_on(client, "/syarat"), "its day has come, whatever was mended meanwhile"


def test_orders_of_a_day_find_the_text_of_that_day(client: Client, writer: int) -> None:
    begun = clock.today()
    publish(writer)
    with clock.travel(clock.now() + timedelta(days=30)):
        publish(writer, NEW.replace("tiga", "lima"), base=1)
        assert "tiga hari" in words_on(client, f"/syarat/{begun.isoformat()}")
        assert f"/syarat/{begun.isoformat()}" in client.get("/syarat").text
        answers = {
            (begun + timedelta(days=12)).isoformat(): f"/syarat/{begun.isoformat()}",
            clock.today().isoformat(): "/syarat",
            "2020-01-01": "/syarat/awal",
        }
        for day, leads_to in answers.items():
            response = client.get(f"/syarat/{day}")
            assert (response.status_code, response.headers["Location"]) == (302, leads_to), day
        assert "noindex" in client.get("/syarat/awal").text
        for nonsense in ("2020-13-01", "kemarin", "%3Cb%3E"):
            assert client.get(f"/syarat/{nonsense}").status_code == 404
    assert client.get("/tentang/awal").status_code == 404


@only_sqlite
def test_before_anything_was_written_there_is_one_address(client: Client, db: SQLAlchemy) -> None:
    assert client.get("/privasi/2026-01-01").headers["Location"] == "/privasi"
    assert client.get("/privasi/awal").status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"body": " "}, "body"),
        ({"title": " "}, "title"),
        ({"reason": "x"}, "reason"),
        ({"language": "fr"}, "language"),
        ({"body": "## Tukar {#tukar}\n[klik](javascript:alert(1))"}, "body"),
        ({"body": "## Tukar\nTanpa penanda"}, "body"),
        ({"body": NEW + "\n{rahasia}"}, "body"),
        ({"body": "x" * (services.LONGEST + 1)}, "body"),
        ({"valid_from": -1}, "valid_from"),
        ({"valid_from": services.FARTHEST + 1}, "valid_from"),
    ],
)
@only_sqlite
def test_what_cannot_be_published_is_said_in_words(writer: int, change: dict[str, Any], field: str) -> None:
    if "valid_from" in change:
        change = {"valid_from": clock.today() + timedelta(days=change["valid_from"])}
    with pytest.raises(Invalid) as refused:
        publish(writer, **change)
    assert set(refused.value.errors) == {field}
    assert PageVersion.query.count() == 0


def test_versions_are_written_once(writer: int, db: SQLAlchemy) -> None:
    publish(writer)
    row = PageVersion.query.one()
    row.body = "Lain"
    with pytest.raises(RuntimeError, match="written once"):
        db.session.commit()
    db.session.rollback()


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_two_officers_at_one_moment_write_two_texts_or_one_hears_of_it(app: Flask, writer: int) -> None:
    def one(name: str) -> Any:
        with app.app_context():
            try:
                return publish(writer, NEW + f"\n{name}")
            except Overtaken:
                return "overtaken"

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(one, "ABCD"))
    assert sorted(map(str, results)) == ["1", "overtaken", "overtaken", "overtaken"]
    assert PageVersion.query.count() == 1


# --- the office's pages ---------------------------------------------------------------------------


@pytest.fixture
def office(client: Client, db: SQLAlchemy) -> User:
    return factories.signed_in(client, "regional")


Send = Callable[..., Any]
WRITE = "/kanwil/halaman/syarat/id/tulis"


@pytest.fixture
def send(client: Client, office: User) -> Send:
    form = client.page(WRITE).one("main").one("form")
    hidden = {one.attrs["name"]: one.attrs["value"] for one in form.all("input", type="hidden")}

    def post(path: str = WRITE, **fields: Any) -> Any:
        words = {"title": "Syarat", "body": NEW, "reason": "Uji coba", "langkah": "lihat"}
        return client.post(path, data=hidden | words | fields)

    return post


def mark_in(response: Any) -> str:
    return response.text.split('name="looked_at" value="')[1].split('"')[0]


def test_one_looks_before_it_is_published(client: Client, send: Send) -> None:
    looked = send()
    assert looked.status_code == 200
    assert "Begini jadinya" in looked.text
    assert "<strong>tiga hari</strong>" in looked.text
    assert PageVersion.query.count() == 0
    first = looked.text.split('name="looked_at"')[1].split("<button")[1].split(">")[0]
    assert "langkah" not in first, "the Enter key looks again"
    blind = send(langkah="terbit")
    assert (blind.status_code, PageVersion.query.count()) == (200, 0), "nobody looked at it"
    other = send(langkah="terbit", looked_at=mark_in(looked), body=NEW + "\nTambahan.")
    assert "berubah sejak dilihat" in other.text
    done = send(langkah="terbit", looked_at=mark_in(looked))
    assert (done.status_code, PageVersion.query.count()) == (303, 1)
    assert send(langkah="terbit", looked_at=mark_in(looked)).status_code == 303
    assert PageVersion.query.count() == 1
    late = send(body=NEW + "\nLain.")
    refused = send(body=NEW + "\nLain.\nLagi.", langkah="terbit", looked_at=mark_in(late))
    assert refused.status_code == 200
    refused = send(body=NEW + "\nLain.", langkah="terbit", looked_at=mark_in(late), base="7")
    assert refused.status_code == 409
    assert "Lain." in refused.text, "what was typed is still there"


@only_sqlite
def test_bad_words_come_back_with_what_was_typed(send: Send) -> None:
    for body, said in {
        "## Tukar {#tukar}\n[ke sana](/tidak-ada)": "tidak punya halaman",
        "## Tukar {#tukar}\n[ke sana](ftp://x)": "tidak dikenal",
        "### Tukar {#tukar}": "harus berada di bawah",
        "": "Tulis isinya",
    }.items():
        answer = send(body=body)
        assert answer.status_code == 422, body
        assert said in answer.text, body
        assert "ke sana" not in body or "[ke sana]" in answer.text
    assert send(valid_from="2020-01-01").status_code == 422
    assert send(base="x", langkah="terbit", looked_at=mark_in(send())).status_code == 409


@only_sqlite
def test_typed_markup_stays_words(client: Client, send: Send) -> None:
    body = NEW + '\n<script>alert(1)</script> **<b>x</b>** [<i>y</i>](/produk) `"><img>`'
    looked = send(body=body)
    assert send(body=body, langkah="terbit", looked_at=mark_in(looked)).status_code == 303
    for page in (looked.text, client.get("/syarat").text, client.get("/kanwil/halaman/syarat/id/1").text):
        assert "<script>alert" not in page
        assert "<img>" not in page
        assert "<b>x" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@only_sqlite
def test_an_older_text_begins_a_new_one(client: Client, send: Send) -> None:
    send(langkah="terbit", looked_at=mark_in(send()))
    page = client.page(f"{WRITE}?dari=0")
    assert "Dengan menekan tombol" in page.one("textarea", name="body").text
    assert "bawaan" in page.one("input", name="reason").attrs["value"]
    assert client.page(f"{WRITE}?dari=99").one("input", name="base").attrs["value"] == "1"
    history = client.page("/kanwil/halaman/syarat/id").one("main").text
    assert "Naskah 1" in history
    assert "Tampil sekarang" in history
    assert "Yang berubah" in client.page("/kanwil/halaman/syarat/id/1").one("main").text


@only_sqlite
def test_no_address_but_those_of_the_four_pages(client: Client, office: User) -> None:
    for path in ("dampak/id", "syarat/fr", "syarat/id/3", "syarat/id/-1", "xx/en/tulis"):
        assert client.get(f"/kanwil/halaman/{path}").status_code == 404, path
    index = client.page("/kanwil/halaman").one("main").text
    assert index.count("Naskah bawaan toko") == 8
    assert "Text that came with the shop" in client.get("/en/kanwil/halaman").text
