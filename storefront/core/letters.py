"""Letters to people: one template, sent as text and as HTML in the language of the moment.

Called from outbox jobs, inside `speaking(…)`.
"""

from collections.abc import Callable, Sequence

from flask import current_app, render_template

from storefront.core import mail
from storefront.core.db import db
from storefront.core.language import SOURCE, language
from storefront.core.transactions import refuse_inside


def address(path: str) -> str:
    """The whole address of a path of this shop in the language of the moment, to be read in a letter."""
    prefix = "" if language() == SOURCE else f"/{language()}"
    return f"{current_app.config['PUBLIC_BASE_URL']}{prefix}{path}"


def post(
    to: str, subject: str, kind: str, *, link: str = "",
    enclose: Callable[[], Sequence[mail.Enclosure]] | None = None, **words: object,
) -> None:  # fmt: skip
    """Send `templates/mail/<kind>.txt`; a line that is only `link` becomes a button in the HTML.

    `enclose` makes the files that go with it. Raises when mail is away. No transaction stays open while
    files are made and the mail server is asked.
    """
    refuse_inside()  # before the rollback below would end it
    words |= {"link": link, "shop": current_app.config["SHOP_NAME"], "address": address}
    words["site"] = f"{current_app.config['PUBLIC_BASE_URL']}/"
    text = render_template(f"mail/{kind}.txt", **words)
    html = render_template("mail/letter.html", text=text, **words)
    db.session.rollback()
    mail.send(to, subject, text, html, enclose() if enclose else ())
