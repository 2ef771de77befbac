"""What a promoter fills in about a fair."""

from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import SelectMultipleField, ValidationError
from wtforms.widgets import CheckboxInput

from storefront.core.language import _, lazy
from storefront.core.money import MAX_RUPIAH
from storefront.events.services import FairDetails
from storefront.web.fields import DayField, LineField, RupiahField, TextField, row_key

CALENDAR = {"type": "date"}


class RowsField(SelectMultipleField):
    """Any number of rows, as checkboxes; `choices` are (id, name)."""

    option_widget = CheckboxInput()

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, coerce=row_key, validate_choice=False, **kwargs)

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 (the name that WTForms passes)
        """Raises ValidationError for an id that is not on offer."""
        offered = {key for key, *_ in self.choices or ()}
        if set(self.data or ()) - offered:
            raise ValidationError(_("Pilihan ini tidak ada. Pilih dari daftar."))


class FairForm(FlaskForm):
    """A fair, new or changed."""

    name = LineField(lazy("Nama acara"), max_length=120, min_length=3, required=lazy("Tulis nama acaranya."))
    venue = LineField(lazy("Tempat"), max_length=200, required=lazy("Tulis tempat acaranya."))
    starts_on = DayField(lazy("Hari pertama"), required=lazy("Isi hari pertama."), render_kw=CALENDAR)
    ends_on = DayField(lazy("Hari terakhir"), required=lazy("Isi hari terakhir."), render_kw=CALENDAR)
    organiser = LineField(
        lazy("Penyelenggara"), max_length=120, required=lazy("Tulis siapa penyelenggaranya.")
    )
    facilities = RowsField(lazy("Lapas yang ikut"))
    story = TextField(lazy("Cerita singkat"), max_length=2000, required=False)
    target = RupiahField(lazy("Target penjualan"), maximum=MAX_RUPIAH, required=False)
    picture = FileField(lazy("Foto"))
    picture_alt = LineField(lazy("Apa yang terlihat di foto"), max_length=300, required=False)

    def validate_ends_on(self, field: DayField) -> None:
        """Raises ValidationError for a fair that ends before it begins."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("Hari terakhir tidak boleh sebelum hari pertama."))

    def details(self) -> FairDetails:
        """What the service wants to know, once the form is valid."""
        return FairDetails(
            name=self.name.data,
            venue=self.venue.data,
            organiser=self.organiser.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            story=self.story.data,
            target=self.target.data,
        )

    def others(self) -> dict[str, Any]:
        """What belongs to the fair beside its details: who takes part, and an uploaded photo."""
        upload = self.picture.data
        return {
            "facility_ids": self.facilities.data,
            "photo": upload.read() if upload else None,
            "photo_alt": self.picture_alt.data,
        }
