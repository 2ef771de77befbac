"""A text for one of the shop's own pages."""

import hashlib
from typing import Any

from flask import current_app
from flask_wtf import FlaskForm
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from wtforms import HiddenField, ValidationError

from storefront.core import clock
from storefront.core.language import SOURCE, _, lazy
from storefront.texts.models import PageSlug
from storefront.texts.queries import DATED, words_of
from storefront.texts.services import LONGEST, Draft
from storefront.web.fields import DayField, LineField, TextField


class TextForm(FlaskForm):
    """`base`: the number of the newest text when it was begun; `looked_at`: the mark of what was shown."""

    base = HiddenField()
    looked_at = HiddenField()
    title = LineField(lazy("Judul"), max_length=120, required=lazy("Tulis judulnya."))
    body = TextField(lazy("Isi"), max_length=LONGEST, required=False)
    reason = LineField(
        lazy("Apa yang berubah, dan mengapa"),
        max_length=300,
        required=lazy("Tulis apa yang berubah dan mengapa."),
    )
    valid_from = DayField(lazy("Berlaku sejak"), required=False, render_kw={"type": "date"})

    def draft(self, slug: PageSlug, language: str) -> Draft:
        """What the service wants to know."""
        typed = str(self.base.data or "")
        return Draft(
            slug=slug, language=language, title=self.title.data or "", body=self.body.data or "",
            reason=self.reason.data or "", base=int(typed) if typed.isdecimal() and len(typed) < 9 else -1,
            valid_from=(self.valid_from.data or clock.today()) if slug in DATED else None,
        )  # fmt: skip

    def validate_body(self, field: Any) -> None:
        """Raises ValidationError for a link to an address that this shop does not have."""
        for address in words_of(field.data or "").addresses:
            if address.startswith("/") and not _is_ours(address):
                raise ValidationError(
                    _("Toko ini tidak punya halaman “%(address)s”. Periksa tautannya.", address=address)
                )

    def needs_words(self, language: str) -> None:
        """The Indonesian text cannot be left out."""
        self.body.flags.required = language == SOURCE

    @property
    def mark(self) -> str:
        """Of title and text as they are now: publishing asks whether these were looked at."""
        words = f"{self.title.data}\n{self.body.data}\n{self.valid_from.data}"
        return hashlib.sha256(words.encode()).hexdigest()[:32]

    @property
    def was_looked_at(self) -> bool:
        """Is it what the page before showed?"""
        return self.looked_at.data == self.mark


def _is_ours(address: str) -> bool:
    path = address.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0]
    try:
        current_app.url_map.bind("localhost").match(path, method="GET")
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True
