"""What staff send in for many things at once."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, ValidationError

from storefront.bulk.services.edits import BOUNDS, KIND_WORDS, PRICES, Kind
from storefront.core.language import _, lazy
from storefront.core.money import parse_rupiah
from storefront.web.fields import LineField, OnceField, WordField
from storefront.web.typed import parse_count

NO_CHOICE = ("", lazy("Pilih tindakan"))


class UploadForm(FlaskForm):
    """A table of products, and if wanted a ZIP of their photos."""

    table = FileField(
        lazy("Berkas tabel (CSV atau Excel)"), [FileRequired(lazy("Pilih berkas tabelnya dahulu."))]
    )
    photos = FileField(lazy("ZIP berisi foto"))
    checked = BooleanField(
        lazy(
            "Sudah saya periksa: di foto tidak tampak wajah, tato, nomor seragam, gembok, pagar, "
            "kamera pengawas, atau tata ruang."
        )
    )

    def validate_checked(self, field: BooleanField) -> None:
        """Photos come with the word of whoever looked at them."""
        if isinstance(self.photos.data, FileStorage) and self.photos.data.filename and not field.data:
            raise ValidationError(_("Periksa foto-fotonya dahulu, lalu centang kotak ini."))


class EditForm(FlaskForm):
    """What to do with the ticked things; the number is rupiah, per cent or pieces, as the kind says."""

    kind = WordField(
        lazy("Tindakan"), choices=[NO_CHOICE, *((kind.value, word) for kind, word in KIND_WORDS.items())]
    )
    amount = LineField(lazy("Angka"), max_length=20, required=False)
    once = OnceField()  # pressing the button twice changes things once

    def asked(self) -> tuple[Kind, int | None] | None:
        """What was asked for, or None; then the fields say what is wrong."""
        if not self.validate():
            return None
        kind = Kind(self.kind.data)
        if kind not in BOUNDS:
            return kind, None
        try:
            return kind, _number(self.amount.data, kind)
        except ValueError as error:
            self.amount.errors = [str(error)]
            return None


def _number(typed: str, kind: Kind) -> int:
    """The number that was typed: '125.000', 'Rp 125.000', '-10', '10%'. Raises ValueError."""
    if not typed:
        raise ValueError(_("Tulis angkanya."))
    if kind is Kind.PRICE:
        return parse_rupiah(typed)
    bare = typed.removesuffix("%").strip()
    if kind in PRICES and bare[:1] in {"-", "+", "\u2212"}:
        return (1 if bare[0] == "+" else -1) * parse_count(bare[1:].strip())
    return parse_count(bare)
