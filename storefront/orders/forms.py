"""What staff type while they bring a parcel on its way."""

from flask_wtf import FlaskForm
from wtforms import SelectField

from storefront.web.fields import LineField

COURIERS = (
    "JNE", "J&T", "SiCepat", "POS Indonesia", "TIKI", "AnterAja", "Ninja", "ID Express", "Lion Parcel",
    "Wahana", "Kargo setempat", "Diantar petugas",
)  # fmt: skip


class ShipForm(FlaskForm):
    """The courier and its waybill."""

    courier = SelectField("Kurir", choices=list(COURIERS))
    waybill = LineField("Nomor resi", max_length=40, required="Tulis nomor resi dari kurir.")


class StepForm(FlaskForm):
    """A step without anything to type: only the token."""
