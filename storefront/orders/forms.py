"""What staff type while they bring a parcel on its way."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from storefront.core.language import lazy
from storefront.web.fields import LineField

_COURIERS = (
    "JNE", "J&T", "SiCepat", lazy("POS Indonesia"), "TIKI", "AnterAja", "Ninja", lazy("ID Express"),
    lazy("Lion Parcel"), "Wahana", lazy("Kargo setempat"), lazy("Diantar petugas"),
)  # fmt: skip
COURIERS = [SelectChoice(value=str(name), label=name) for name in _COURIERS]
"""What is stored (as the source language says it) beside what the list shows."""


class ShipForm(FlaskForm):
    """The courier and its waybill."""

    courier = SelectField(
        lazy("Kurir"), [InputRequired(lazy("Pilih kurir yang membawa kiriman ini."))], choices=COURIERS
    )
    waybill = LineField(lazy("Nomor resi"), max_length=40, required=lazy("Tulis nomor resi dari kurir."))


class CodeForm(FlaskForm):
    """The code that the buyer says when they come for a parcel."""

    code = LineField(lazy("Kode pengambilan"), max_length=20, required=lazy("Tulis kode dari pembeli."))


class WithoutCodeForm(FlaskForm):
    """Why a parcel is handed over although nobody knows its code."""

    reason = LineField(
        lazy("Bagaimana Anda mengenali pembelinya?"), max_length=200,
        required=lazy("Tulis bagaimana Anda mengenali pembelinya (5–200 huruf)."),
    )  # fmt: skip


class ScanForm(FlaskForm):
    """A parcel's code as it stands on its papers."""

    code = LineField(lazy("Kode kiriman"), max_length=40, required=lazy("Pindai atau ketik kode kiriman."))


class WaybillsForm(FlaskForm):
    """Parcels and their waybills, a line each; tabs of a table are welcome."""

    courier = SelectField(lazy("Kurir"), [InputRequired()], choices=COURIERS)
    lines = TextAreaField(
        lazy("Kode kiriman dan nomor resi"),
        [
            InputRequired(lazy("Tempel atau pindai paling sedikit satu baris.")),
            Length(max=20_000, message=lazy("Terlalu panjang. Simpan sebagian dahulu.")),
        ],
    )


class WordsForm(FlaskForm):
    """A facility's own words for one kind of message."""

    kind = HiddenField()
    body = TextAreaField(lazy("Kata-kata"))


class StepForm(FlaskForm):
    """A step without anything to type: only the token."""
