"""What staff type about a buyer: the checkout's own form, read by the same rules."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import AnyOf

from storefront.assisted.models import Source
from storefront.checkout.forms import CheckoutForm
from storefront.core.language import lazy
from storefront.web.fields import CountField, LineField, RupiahField

SOURCES = {
    Source.WHATSAPP: lazy("WhatsApp"),
    Source.PHONE: lazy("Telepon"),
    Source.COUNTER: lazy("Datang langsung"),
}
KEPT = (
    "nama",
    "telepon",
    "email",
    "tujuan",
    "kecamatan",
    "alamat",
    "kelurahan",
    "kode_pos",
    "patokan",
    "bayar",
    "kode",
)
"""What a draft keeps of the form, as it was typed."""


class OpenForm(FlaskForm):
    """How the buyer reached us."""

    asal = RadioField(
        lazy("Dari mana pesanannya?"),
        choices=[SelectChoice(value=source.value, label=label) for source, label in SOURCES.items()],
        default=Source.WHATSAPP.value,
        validators=[AnyOf([source.value for source in Source])],
        validate_choice=False,
    )


class DraftForm(CheckoutForm):
    """Contact, destination, payment of somebody else, and the voucher that they named."""

    kode = LineField(lazy("Kode voucher"), required=False, max_length=40)


class GoodsForm(FlaskForm):
    """So many of a form of a product."""

    variant_id = HiddenField()
    jumlah = CountField(lazy("Jumlah"), minimum=0, maximum=999)
    note = LineField(lazy("Tulisan"), required=False, max_length=120)


class CashForm(FlaskForm):
    """Cash in hand."""

    jumlah = RupiahField(lazy("Uang tunai yang diterima"), required=lazy("Tulis jumlah uang yang diterima."))


class StepForm(FlaskForm):
    """A button alone: only the token."""
