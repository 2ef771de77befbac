"""Letters to people: one template, sent as text and as HTML in the language of the moment.

Called from outbox jobs, inside `speaking(…)`.
"""

from flask import current_app, render_template

from storefront.core import mail
from storefront.core.db import db
from storefront.core.language import SOURCE, language


def address(path: str) -> str:
    """The whole address of a path of this shop in the language of the moment, to be read in a letter."""
    prefix = "" if language() == SOURCE else f"/{language()}"
    return f"{current_app.config['PUBLIC_BASE_URL']}{prefix}{path}"


def post(to: str, subject: str, kind: str, *, link: str = "", **words: object) -> None:
    """Send `templates/mail/<kind>.txt`; a line that is only `link` becomes a button in the HTML.

    Raises when mail is away. No transaction stays open while the mail server is asked.
    """
    words |= {"link": link, "shop": current_app.config["SHOP_NAME"]}
    text = render_template(f"mail/{kind}.txt", **words)
    html = render_template("mail/letter.html", text=text, **words)
    db.session.rollback()
    mail.send(to, subject, text, html)
