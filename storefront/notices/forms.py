"""What the office announces, and which letters somebody wants."""

from datetime import timedelta
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectMultipleField, ValidationError

from storefront.core import clock
from storefront.core.language import LANGUAGES, _, lazy
from storefront.core.tokens import new_token
from storefront.facilities.queries import facility_options
from storefront.notices.services import NoticeDetails
from storefront.web.fields import DayField, LineField, OnceField, TextField, WordField, row_key

USUAL = timedelta(days=14)
WHO = (("all", lazy("Semua Lapas")), ("some", lazy("Lapas yang dipilih")))


class NoticeForm(FlaskForm):
    """An announcement; `once` makes a form that is sent twice one announcement."""

    once = OnceField()
    title = LineField(lazy("Judul"), max_length=120, required=lazy("Tulis judulnya."))
    body = TextField(lazy("Isi"), max_length=2000, required=lazy("Tulis isinya."))
    last_day = DayField(
        lazy("Tampil sampai"), required=lazy("Isi hari terakhirnya."), render_kw={"type": "date"}
    )
    whom = WordField(lazy("Untuk siapa"), choices=WHO)
    facilities = SelectMultipleField(lazy("Lapas yang dipilih"), coerce=row_key, validate_choice=False)

    def offer(self) -> list[dict[str, Any]]:
        """The facilities of this moment, as boxes; and a mark of its own for a new form."""
        if not self.once.data:
            self.once.data = new_token()
        if self.last_day.raw_data is None and self.last_day.data is None:
            self.last_day.data = clock.today() + USUAL
        return [{"value": key, "label": name} for key, name in facility_options()]

    def validate_facilities(self, field: SelectMultipleField) -> None:
        """Raises ValidationError when some are meant and none is ticked."""
        if self.whom.data == "some" and not [key for key in field.data or () if key]:
            raise ValidationError(_("Centang sedikitnya satu Lapas."))

    def details(self) -> NoticeDetails:
        """What the service wants to know, once the form is valid."""
        chosen = [key for key in self.facilities.data or () if key]
        return NoticeDetails(
            title=self.title.data, body=self.body.data, last_day=self.last_day.data,
            facility_ids=None if self.whom.data == "all" else chosen,
        )  # fmt: skip


class LettersForm(FlaskForm):
    """Which letters a member of staff wants, and in which language."""

    is_weekly = BooleanField(lazy("Kirim ringkasan mingguan, setiap Senin pukul 07.00 WIB"))
    language = WordField(lazy("Bahasa surat"), choices=list(LANGUAGES.items()))
