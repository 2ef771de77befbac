"""The office's price table and couriers' addresses; a facility's rounds with fresh goods."""

import re
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectMultipleField
from wtforms.fields import SelectChoice

from storefront.accounts.forms import PlaceForm
from storefront.core import clock
from storefront.core.language import _, lazy
from storefront.web.fields import CountField, DayField, LineField, RupiahField

WEEKDAYS = (
    lazy("Senin"), lazy("Selasa"), lazy("Rabu"), lazy("Kamis"), lazy("Jumat"), lazy("Sabtu"), lazy("Minggu"),
)  # fmt: skip
_TIME = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)")


class RatesForm(FlaskForm):
    """A CSV as downloaded from the same page, changed in a spreadsheet."""

    berkas = FileField(lazy("Berkas CSV"), [FileRequired(lazy("Pilih berkas CSV-nya dahulu."))])


class LinkForm(FlaskForm):
    """Where a courier's parcels are followed."""

    courier = HiddenField()
    pattern = LineField(lazy("Alamat lacak"), required=False, max_length=300)


class TimeField(LineField):
    """A time of day in WIB, kept as minutes after midnight: '9.00' or '14:30'."""

    def read(self, typed: str) -> int:  # type: ignore[override]
        """The minutes. Raises ValueError."""
        found = _TIME.fullmatch(typed.strip())
        if found is None:
            raise ValueError(_("Tulis jamnya seperti 14.30."))
        return int(found[1]) * 60 + int(found[2])


class AreaForm(PlaceForm):
    """A district that fresh goods are brought to."""

    nama = telepon = alamat = kelurahan = kode_pos = patokan = None  # type: ignore[assignment]
    hari = SelectMultipleField(
        lazy("Hari antar"),
        choices=[SelectChoice(value=str(day), label=name) for day, name in enumerate(WEEKDAYS)],
        coerce=int,
        validate_choice=False,
    )
    ongkos = RupiahField(lazy("Ongkos antar"), minimum=0, maximum=1_000_000)
    batas = TimeField(lazy("Batas jam pesan"), max_length=5, required=lazy("Tulis batas jam pesan."))
    sebelum = CountField(lazy("Berapa hari sebelumnya"), maximum=7)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tujuan.flags.required = True

    def accepts(self) -> bool:
        """Find the district and validate everything; messages stand beside the fields."""
        self.find_district()
        good = bool(self.validate())
        if self.district is None:
            self.tujuan.errors = [self._unclear()]
        if not self.hari.data or not set(self.hari.data) <= set(range(7)):
            self.hari.errors = [_("Pilih paling sedikit satu hari antar.")]
        return good and not self.tujuan.errors and not self.hari.errors


class ClosedForm(FlaskForm):
    """A day on which nothing is brought."""

    tanggal = DayField(lazy("Tanggal libur"), required=lazy("Pilih tanggalnya."), render_kw={"type": "date"})
    alasan = LineField(lazy("Alasan"), required=False, max_length=120)

    def accepts(self) -> bool:
        """Validate; a day that is over can no longer be closed."""
        good = bool(self.validate_on_submit())
        if good and self.tanggal.data < clock.today():
            self.tanggal.errors = [_("Pilih hari ini atau sesudahnya.")]
            return False
        return good


class StepForm(FlaskForm):
    """A button alone: only the token."""
