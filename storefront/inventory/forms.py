"""What staff write down about stock: pieces that came in, pieces that were counted."""

from flask_wtf import FlaskForm
from wtforms import HiddenField

from storefront.core.language import lazy
from storefront.core.tokens import new_token
from storefront.web.fields import CountField, LineField

MOST = 100_000
"""Pieces in one go: more is a slip of the keyboard."""


class ReceiveForm(FlaskForm):
    """Finished pieces come from the workshop into the storeroom."""

    quantity = CountField(
        lazy("Jumlah yang masuk"), minimum=1, maximum=MOST, required=lazy("Tulis berapa buah yang masuk.")
    )
    note = LineField(lazy("Catatan"), max_length=200, required=False)
    once = HiddenField(default=new_token)  # pressing the button twice brings the pieces in once


class CountForm(FlaskForm):
    """Somebody counted what lies on the shelf. Stands on one page with the other: its ids differ."""

    quantity = CountField(
        lazy("Jumlah di rak"),
        minimum=0,
        maximum=MOST,
        required=lazy("Tulis berapa buah di rak."),
        id="counted",
    )
    note = LineField(lazy("Catatan"), max_length=200, required=False, id="counted-note")
