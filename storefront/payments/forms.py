"""What officers type about money."""

from flask_wtf import FlaskForm

from storefront.core.language import lazy
from storefront.web.fields import LineField, RupiahField, TextField


class CheckForm(FlaskForm):
    """What the first officer saw on the statement."""

    amount = RupiahField(lazy("Jumlah yang masuk"), required=lazy("Tulis jumlah menurut mutasi rekening."))
    bank_reference = LineField(
        lazy("Nomor referensi mutasi"), max_length=80, required=lazy("Tulis nomor referensinya.")
    )


class ReasonForm(FlaskForm):
    """Why something is refused or cancelled."""

    reason = TextField(
        lazy("Alasan"), max_length=300, required=lazy("Tulis alasannya; pembeli akan membacanya.")
    )


class ReferenceForm(FlaskForm):
    """The bank's reference of money that was sent back."""

    reference = LineField(
        lazy("Nomor referensi pengembalian"), max_length=120, required=lazy("Tulis nomor referensinya.")
    )


class ConfirmForm(FlaskForm):
    """A decision without anything to type: only the token."""


class DestinationForm(FlaskForm):
    """The bank account that money goes back to."""

    bank = LineField(lazy("Bank atau dompet digital"), max_length=40, required=lazy("Tulis nama banknya."))
    number = LineField(lazy("Nomor rekening"), max_length=40, required=lazy("Tulis nomor rekeningnya."))
    holder = LineField(lazy("Nama pemilik rekening"), max_length=80, required=lazy("Tulis nama pemiliknya."))

    @property
    def account(self) -> dict[str, str]:
        """What was typed, by the names of the service."""
        return {"bank": self.bank.data, "number": self.number.data, "holder": self.holder.data}
