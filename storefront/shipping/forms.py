"""The office's upload of a price table."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class RatesForm(FlaskForm):
    """A CSV as downloaded from the same page, changed in a spreadsheet."""

    berkas = FileField("Berkas CSV", [FileRequired("Pilih berkas CSV-nya dahulu.")])
