"""The office's upload of a price table."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from storefront.core.language import lazy


class RatesForm(FlaskForm):
    """A CSV as downloaded from the same page, changed in a spreadsheet."""

    berkas = FileField(lazy("Berkas CSV"), [FileRequired(lazy("Pilih berkas CSV-nya dahulu."))])
