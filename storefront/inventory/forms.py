"""What staff write down about stock: pieces that came in, pieces that were counted."""

from flask_wtf import FlaskForm

from storefront.web.fields import CountField, LineField

MOST = 100_000
"""Pieces in one go: more is a slip of the keyboard."""


class ReceiveForm(FlaskForm):
    """Finished pieces come from the workshop into the storeroom."""

    quantity = CountField(
        "Jumlah yang masuk", minimum=1, maximum=MOST, required="Tulis berapa buah yang masuk."
    )
    note = LineField("Catatan", max_length=200, required=False)


class CountForm(FlaskForm):
    """Somebody counted what lies on the shelf. Stands on one page with the other: its ids differ."""

    quantity = CountField(
        "Jumlah di rak", minimum=0, maximum=MOST, required="Tulis berapa buah di rak.", id="counted"
    )
    note = LineField("Catatan", max_length=200, required=False, id="counted-note")
