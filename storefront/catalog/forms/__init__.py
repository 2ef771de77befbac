"""What a facility writes about its products, and the regional office about the shelves."""

from collections.abc import Iterable
from typing import Any, cast

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Form, HiddenField, MultipleFileField

from storefront.catalog.forms.parts import MOST, CostFields, Previewed, StockRule, expect
from storefront.catalog.models import (
    CollectionKind,
    FoodNeed,
    LicenceKind,
    Product,
    ShippingClass,
    Supply,
    Variant,
)
from storefront.catalog.services import VariantDetails
from storefront.catalog.services.collections import RULE_PARTS, CollectionDetails
from storefront.catalog.services.gate import Mark
from storefront.catalog.services.word_rules import VERDICT_WORDS
from storefront.core.errors import Invalid
from storefront.core.language import _, lazy
from storefront.web.fields import (
    CountField,
    DayField,
    GramsField,
    LineField,
    RowField,
    RupiahField,
    TextField,
    WordField,
)

SHIPPING_WORDS = {
    ShippingClass.PARCEL: lazy("Paket biasa (kurir)"),
    ShippingClass.CARGO: lazy("Barang besar (kargo)"),
    ShippingClass.PICKUP_ONLY: lazy("Hanya ambil di tempat"),
    ShippingClass.LOCAL_FRESH: lazy("Segar, hanya kota sekitar"),
}
LICENCE_WORDS = {
    LicenceKind.PIRT: lazy("Izin P-IRT"),
    LicenceKind.MD: lazy("Izin BPOM MD"),
    LicenceKind.HALAL: lazy("Sertifikat halal"),
}
NEED_WORDS = {
    FoodNeed.PERMIT: lazy("P-IRT atau BPOM MD"),
    FoodNeed.MD: lazy("BPOM MD"),
    FoodNeed.NO_PERMIT: lazy("Tanpa izin edar"),
    FoodNeed.HALAL: lazy("Sertifikat halal"),
    FoodNeed.NO_HALAL: lazy("Tanpa sertifikat halal"),
}
NEEDED = {
    "category_id": lazy("Pilih kategorinya."),
    "price": lazy("Tulis harganya."),
    "weight": lazy("Tulis berat setelah dikemas."),
    "summary": lazy("Tulis satu kalimat tentang produk ini."),
}
"""What curation asks for and a draft may leave for later."""
SPOTS = {
    str(3 * row + column + 1): Mark(column * 333, row * 333, 334, 334)
    for row in range(3)
    for column in range(3)
}
"""The nine fields of a photo, row by row, for whoever cannot draw on it."""


class NewProductForm(Previewed, CostFields, StockRule, FlaskForm):
    """A product in a minute: six things, and everything else later.

    A field of the stock rule that does not belong to the chosen rule is not looked at.
    """

    photos = MultipleFileField(lazy("Foto"))
    title = LineField(lazy("Nama produk"), min_length=3, max_length=90, required=lazy("Beri nama dulu."))
    category_id = RowField(lazy("Kategori"), required=False)
    price = RupiahField(lazy("Harga"), required=False)
    weight = GramsField(lazy("Berat dengan kemasan"), required=False)
    quantity = CountField(lazy("Jumlah yang ada"), maximum=MOST, required=False)
    is_unique = BooleanField(lazy("Satu-satunya: hanya ada satu dan tidak dibuat lagi"))
    summary = LineField(lazy("Ringkasan"), max_length=200, emoji=True, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        expect(self, "photos", "category_id", "price", "weight", "quantity", "lead_days", "weekly_capacity")

    def costs(self) -> VariantDetails:
        """What one piece takes, as far as it is written."""
        return {"material_cost": self.material_cost.data, "work_minutes": self.work_minutes.data}

    def check(self, *, for_curation: bool, has_photos: bool) -> bool:
        """Is it good enough: a name for a draft, everything for curation?"""
        good = self.validate()
        if not for_curation:
            return bool(good)
        if not has_photos and not self.photos.errors:
            self.photos.errors = [_("Tambahkan sedikitnya satu foto.")]
        needed = {
            name: message for name, message in NEEDED.items() if name != "summary"
        }  # a plain one is made
        for name, message in {**needed, **self._needed_by_rule()}.items():
            field = self[name]
            if not field.errors and field.data in (None, ""):
                field.errors = [str(message)]
        return not self.errors

    def validate(self, extra_validators: Any = None) -> bool:
        """Read every field; complaints about numbers of the other stock rule are dropped."""
        super().validate(extra_validators)
        made = self.supply.data == Supply.MADE_TO_ORDER
        for name in ("quantity",) if made else ("lead_days", "weekly_capacity"):
            self[name].errors = []
        if made:
            self.is_unique.data = False
        elif self.is_unique.data and not self.quantity.errors and (self.quantity.data or 0) > 1:
            self.quantity.errors = [_("Barang ini satu-satunya: paling banyak satu buah.")]
        return not self.errors

    def _needed_by_rule(self) -> dict[str, str]:
        if self.supply.data == Supply.MADE_TO_ORDER:
            return {
                "lead_days": _("Tulis lama pengerjaannya."),
                "weekly_capacity": _("Tulis berapa yang sanggup dibuat seminggu."),
            }
        return {"supply": _("Pilih salah satu."), "quantity": _("Tulis berapa yang ada sekarang.")}


class DetailsForm(Previewed, StockRule, FlaskForm):
    """Everything that is written about a product."""

    title = LineField(lazy("Nama produk"), min_length=3, max_length=90, required=lazy("Beri nama."))
    category_id = RowField(lazy("Kategori"), required=False)
    summary = LineField(lazy("Ringkasan"), max_length=200, emoji=True, required=False)
    description = TextField(lazy("Cerita"), max_length=5000, required=False)
    materials = LineField(lazy("Bahan"), max_length=300, required=False)
    care = LineField(lazy("Perawatan"), max_length=300, required=False)
    size_note = LineField(lazy("Ukuran"), max_length=120, required=False)
    technique = LineField(lazy("Teknik"), max_length=120, required=False)
    work_hours = CountField(lazy("Jam kerja tangan"), minimum=1, maximum=2_000, required=False)
    workshop_id = RowField(lazy("Bengkel"), required=False)
    shipping_class = WordField(
        lazy("Cara kirim"), choices=[(key.value, label) for key, label in SHIPPING_WORDS.items()]
    )
    max_per_order = CountField(lazy("Paling banyak per pesanan"), minimum=1, maximum=10_000, required=False)
    is_unique = BooleanField(lazy("Satu-satunya: hanya ada satu dan tidak dibuat lagi"))
    shelf_days = CountField(lazy("Masa simpan makanan (hari)"), minimum=1, maximum=3_650, required=False)
    personalisation = LineField(lazy("Tulisan khusus yang ditanyakan"), max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        expect(self, "category_id", "summary", "lead_days", "weekly_capacity")

    def changes(self, product: Product) -> dict[str, Any]:
        """What differs from the product as it is, as `update_product` takes it."""
        names = (
            "title category_id summary description materials care size_note technique work_hours workshop_id"
            " max_per_order personalisation shelf_days"
        )
        wanted = {name: self[name].data for name in names.split()} | self.rule()
        wanted["is_unique"] = self.is_unique.data and wanted["supply"] is not Supply.MADE_TO_ORDER
        wanted["shipping_class"] = ShippingClass(self.shipping_class.data)
        return {name: value for name, value in wanted.items() if value != getattr(product, name)}


class VariantForm(CostFields, FlaskForm):
    """One line of the table of variants. It stands inside a larger form, whose token counts for it."""

    class Meta:
        csrf = False

    sku = LineField("SKU", max_length=40, required=lazy("Tulis SKU."))
    price = RupiahField(lazy("Harga"), required=False)
    weight = GramsField(lazy("Berat"), required=False)
    length_cm = CountField(lazy("Panjang"), minimum=1, maximum=10_000, required=False)
    width_cm = CountField(lazy("Lebar"), minimum=1, maximum=10_000, required=False)
    height_cm = CountField(lazy("Tinggi"), minimum=1, maximum=10_000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        expect(self, "price", "weight")

    def changes(self, variant: Variant) -> VariantDetails:
        """What differs from the variant as it is."""
        changed = {
            field.short_name: field.data for field in self if field.data != getattr(variant, field.short_name)
        }
        return cast("VariantDetails", changed)


class PriceForm(CostFields, Form):
    """A price and what one piece takes, as a script asks about them. It changes nothing."""

    price = RupiahField(lazy("Harga"), required=False)


class NewVariantForm(FlaskForm):
    """One more variant: a value for each option."""

    first = LineField(lazy("Pilihan pertama"), max_length=40)
    second = LineField(lazy("Pilihan kedua"), max_length=40, required=False)
    price = RupiahField(lazy("Harga"))
    weight = GramsField(lazy("Berat dengan kemasan"))


class OptionsForm(FlaskForm):
    """In what the variants differ."""

    first = LineField(lazy("Pilihan pertama"), max_length=40, required=False)
    second = LineField(lazy("Pilihan kedua"), max_length=40, required=False)

    def names(self) -> list[str]:
        """The names that were given."""
        return [name for name in (self.first.data, self.second.data) if name]


class PhotosForm(FlaskForm):
    """More photos for a product."""

    photos = MultipleFileField(lazy("Tambah foto"))


class JudgeForm(FlaskForm):
    """A second person's word on a photo: why it is sent back, and where on it.

    `mark` is a drawn box 'x,y,w,h' in per mille; without script one of nine fields of a grid (`spot`).
    """

    reason = LineField(lazy("Alasan"), max_length=500, required=False)
    mark = HiddenField(filters=[lambda text: (text or "").strip()])
    spot = HiddenField(filters=[lambda text: (text or "").strip()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        expect(self, "reason")

    def marked(self) -> Mark | None:
        """The spot that is meant, if one was marked. Raises Invalid for what is no box."""
        if self.mark.data:
            numbers = self.mark.data.split(",")
            if len(numbers) != len(Mark._fields) or not all(_is_small(one) for one in numbers):
                raise Invalid({"mark": _("Tandai satu kotak di dalam foto.")})
            return Mark(*(int(one) for one in numbers))
        return SPOTS.get(self.spot.data or "")


def _is_small(number: str) -> bool:
    return number.isascii() and number.isdecimal() and len(number) <= 4


class AltForm(FlaskForm):
    """What a photo shows, in words."""

    alt = LineField(lazy("Keterangan foto"), max_length=300, required=False)


class ReasonForm(FlaskForm):
    """Why a product goes back."""

    reason = TextField(lazy("Alasan"), max_length=500, required=lazy("Tulis apa yang perlu diperbaiki."))


class LicenceForm(FlaskForm):
    """A permit of a food product."""

    kind = WordField(lazy("Jenis izin"), choices=[(key.value, label) for key, label in LICENCE_WORDS.items()])
    number = LineField(lazy("Nomor"), max_length=40, required=lazy("Tulis nomornya."))
    holder = LineField(lazy("Atas nama"), max_length=120, required=False)
    valid_until = DayField(lazy("Berlaku sampai"), required=False)


class ScanForm(FlaskForm):
    """The paper of a permit, photographed or as a PDF."""

    scan = FileField(lazy("Pindaian surat izin"), [FileRequired(lazy("Pilih berkasnya dahulu."))])


class FoodRuleForm(FlaskForm):
    """What food of a category needs from a day on."""

    category_id = RowField(lazy("Kategori"), required=lazy("Pilih kategorinya."))
    need = WordField(
        lazy("Yang diperlukan"), choices=[(key.value, label) for key, label in NEED_WORDS.items()]
    )
    valid_from = DayField(lazy("Berlaku mulai"), required=lazy("Tulis tanggalnya."))
    over_days = CountField(lazy("Hanya yang tahan lebih dari (hari)"), minimum=1, maximum=365, required=False)
    legal_ref = LineField(
        lazy("Dasar hukum"), min_length=3, max_length=200, required=lazy("Tulis dasar hukumnya.")
    )


class WithdrawForm(FlaskForm):
    """Why a product leaves the shop, if somebody wants to say."""

    reason = LineField(lazy("Alasan"), max_length=300, required=False)


class CategoryForm(FlaskForm):
    """A shelf of the shop: its name and where it hangs."""

    name = LineField(lazy("Nama kategori"), min_length=2, max_length=80)
    name_en = LineField(lazy("Nama dalam bahasa Inggris"), max_length=80, required=False)
    parent_id = RowField(lazy("Di bawah"), required=False)


class CollectionForm(FlaskForm):
    """A collection, new or changed; the parts of the rule count only for a collection by rule."""

    title = LineField(lazy("Judul"), min_length=3, max_length=80, required=lazy("Tulis judulnya."))
    intro = LineField(lazy("Kalimat pengantar"), max_length=300, required=False)
    kind = WordField(
        lazy("Isinya"),
        choices=[("hand", lazy("Dipilih satu per satu")), ("rule", lazy("Menurut aturan"))],
    )
    category = WordField(lazy("Kategori"), choices=[], required=False)
    facility = WordField(lazy("Lapas"), choices=[], required=False)
    tag = WordField(lazy("Label"), choices=[], required=False)
    price_min = RupiahField(lazy("Harga mulai"), required=False)
    price_max = RupiahField(lazy("Harga sampai"), required=False)
    new_days = CountField(lazy("Tayang paling lama (hari)"), minimum=1, maximum=365, required=False)
    picture = FileField(lazy("Foto"))
    picture_alt = LineField(lazy("Apa yang terlihat di foto"), max_length=300, required=False)

    def details(self) -> CollectionDetails:
        """What the service wants to know, once the form is valid."""
        kind = CollectionKind(self.kind.data)
        rule = {name: self[name].data for name in RULE_PARTS if self[name].data not in (None, "")}
        return CollectionDetails(
            title=self.title.data,
            intro=self.intro.data or "",
            kind=kind,
            rule=rule if kind is CollectionKind.RULE else {},
        )

    def photo(self) -> dict[str, Any]:
        """An uploaded photo and what it shows."""
        upload = self.picture.data
        return {"photo": upload.read() if upload else None, "photo_alt": self.picture_alt.data or ""}


class WordRuleForm(FlaskForm):
    """What becomes of a word in the texts of products."""

    word = LineField(lazy("Kata"), max_length=60, required=lazy("Tulis katanya."))
    verdict = WordField(
        lazy("Keputusan"), choices=[(key.value, label) for key, label in VERDICT_WORDS.items()]
    )


class SynonymForm(FlaskForm):
    """A group of words, with commas between them."""

    words = LineField(
        lazy("Kata yang sama artinya"), max_length=500, required=lazy("Tulis paling sedikit dua kata.")
    )


def shelf_choices(shelves: Iterable[Any], *, none: str) -> list[tuple[Any, str]]:
    """Categories for a list of choices, those below others indented."""
    return [("", none), *((shelf.id, "\u2003" * shelf.depth + shelf.name) for shelf in shelves)]
