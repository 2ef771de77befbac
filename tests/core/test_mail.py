"""Letters: over a real mail server or into files; once, to the buyer only, with the right link."""

import email.policy
import re
from datetime import timedelta

import pytest

from config import Config
from storefront.checkout.services import place_order
from storefront.core import clock, mail
from storefront.core.outbox import drain
from storefront.orders.models import Order
from tests import factories
from tests.buying import buy, cart_of, open_shop, order_of, pay, somebody

INJECTIONS = ["a@contoh.id\nBcc: x@evil.id", "a@contoh.id\r\nBcc: x@evil.id", "a@contoh.id\rSubject: x"]


@pytest.fixture
def config(config: Config, mail_server) -> Config:
    """The test's shop sends to the mail server of the test."""
    values = {name: getattr(config, name) for name in Config.__dataclass_fields__}
    return Config(**values | {"MAIL_SERVER": mail_server.host, "MAIL_PORT": mail_server.port})


def body(letter, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return part.get_content()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_letter_arrives_as_text_and_html_with_its_letters_intact(db, mail_server):
    mail.send("siti@contoh.id", "Pesanan é 😀", "Halo — Rp1.000", "<p>Halo — <b>Rp1.000</b></p>")

    [letter] = mail_server.letters
    assert (letter["To"], letter["From"]) == ("siti@contoh.id", "toko@localhost")
    assert letter["Subject"] == "Pesanan é 😀"
    assert letter["Date"]
    assert re.fullmatch(r"<[^<>@\s]+@localhost>", letter["Message-ID"])
    assert body(letter, "plain").strip() == "Halo — Rp1.000"
    assert "<b>Rp1.000</b>" in body(letter, "html")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("text", INJECTIONS)
def test_a_line_break_cannot_smuggle_a_header_in(db, mail_server, text):
    with pytest.raises(ValueError, match=r"."):
        mail.send(text, "Halo", "Halo")
    with pytest.raises(ValueError, match=r"."):
        mail.send("siti@contoh.id", text, "Halo")

    assert mail_server.letters == []


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_dot_alone_on_a_line_does_not_end_the_letter(db, mail_server):
    mail.send("siti@contoh.id", "Halo", "Satu\n.\n..\nDua")

    assert body(mail_server.letters[0], "plain").split() == ["Satu", ".", "..", "Dua"]


def test_an_order_is_confirmed_once_with_the_link_to_its_page(db, client, mail_server):
    open_shop()
    bag = factories.product(title="Tas <b>Anyam</b> & Co", price=185_000)

    order = order_of(buy({bag: 2}))
    number, token, total = order.number, order.token, order.total
    drain()
    drain()

    [letter] = mail_server.letters
    assert letter["To"] == "siti@contoh.id"
    assert number in letter["Subject"]
    text, html = body(letter, "plain"), body(letter, "html")
    link, terms = sorted(set(re.findall(r"https?://\S+", text)))
    assert link.endswith(f"/pesanan/{token}")
    assert terms.endswith(f"/syarat/{clock.today().isoformat()}")
    assert f'href="{link}">' in html
    assert f'href="{terms}">' in html
    assert "Tas <b>Anyam</b> & Co" in text
    assert "Tas &lt;b&gt;Anyam&lt;/b&gt; &amp; Co" in html
    assert f"{total:,}".replace(",", ".") in text
    assert number in client.get(link.removeprefix(client.application.config["PUBLIC_BASE_URL"])).text


def test_payment_told_five_times_writes_one_letter(db, mail_server):
    open_shop()
    placed = buy({factories.product(): 1})
    for _ in range(5):
        pay(placed)
    drain()

    subjects = [letter["Subject"] for letter in mail_server.letters]
    assert subjects == [
        f"Pesanan {placed.number} kami terima",
        f"Pembayaran pesanan {placed.number} kami terima",
    ]


def test_while_the_mail_server_refuses_the_shop_sells_and_the_letter_waits(db, mail_server):
    open_shop()
    mail_server.refuse = "451 later"
    placed = buy({factories.product(): 1})
    drain()
    assert mail_server.letters == []

    mail_server.refuse = ""
    with clock.travel(clock.now() + timedelta(minutes=1)):
        drain()

    assert [letter["To"] for letter in mail_server.letters] == ["siti@contoh.id"]
    assert db.session.get(Order, placed.id) is not None


def test_who_gave_no_address_gets_no_letter(db, mail_server):
    open_shop()
    place_order(cart_of({factories.product(): 1}), somebody(email=""), payment_method="card")

    drain()
    assert mail_server.letters == []


def test_without_a_server_letters_are_files_that_any_mail_program_opens(tmp_path):
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["Message-ID"] = "<../../nama/aneh@contoh.id>"
    message["Subject"] = "Halo"
    message.set_content("Halo — dunia")

    mail.FileMailer(tmp_path / "mail").deliver(message)

    [file] = (tmp_path / "mail").iterdir()
    assert file.parent == tmp_path / "mail"
    assert email.message_from_bytes(file.read_bytes(), policy=email.policy.default)["Subject"] == "Halo"
