"""What may be asked of a cart."""

from flask_wtf import FlaskForm
from wtforms import Form

from storefront.cart.services import MAX_QUANTITY
from storefront.core.language import _, lazy
from storefront.web.fields import CountField, LineField, complaints

BIGGEST_ID = 2**53


class _Complaining:
    def first_complaint(self) -> str:
        """The first thing that is wrong, for a page that has no room beside a field."""
        return next((message for _id, message in complaints(self)), _("Isian ini tidak dapat dipakai."))


class AddForm(_Complaining, Form):
    """Stands on shared pages, so it has no token of its visitor."""

    variant = CountField(
        lazy("Pilihan"), required=lazy("Pilih dahulu yang mana."), minimum=1, maximum=BIGGEST_ID
    )
    jumlah = CountField(lazy("Jumlah"), minimum=1, maximum=MAX_QUANTITY)
    catatan = LineField(lazy("Tulisan"), required=False, max_length=120)


class CodeForm(_Complaining, FlaskForm):
    """The code of a voucher."""

    kode = LineField(lazy("Kode voucher"), max_length=40, required=lazy("Tulis kode vouchernya."))


class LineForm(_Complaining, FlaskForm):
    """One line of the cart."""

    baris = CountField(lazy("Baris"), minimum=1, maximum=BIGGEST_ID)
    jumlah = CountField(lazy("Jumlah"), minimum=0, maximum=MAX_QUANTITY)
