"""What a facility writes about its products, and the regional office about the shelves."""

from collections.abc import Iterable
from typing import Any, cast

from flask_wtf import FlaskForm
from wtforms import MultipleFileField

from storefront.catalog.models import Product, ShippingClass, Supply, Variant
from storefront.catalog.services import VariantDetails
from storefront.web.fields import (
    CountField,
    GramsField,
    LineField,
    RowField,
    RupiahField,
    TextField,
    WordField,
)

SUPPLY_WORDS = {
    Supply.READY: "Stok siap kirim",
    Supply.MADE_TO_ORDER: "Dibuat setelah dipesan",
}
SHIPPING_WORDS = {
    ShippingClass.PARCEL: "Paket biasa (kurir)",
    ShippingClass.CARGO: "Barang besar (kargo)",
    ShippingClass.PICKUP_ONLY: "Hanya ambil di tempat",
    ShippingClass.LOCAL_FRESH: "Segar, hanya kota sekitar",
}
NEEDED = {
    "category_id": "Pilih kategorinya.",
    "price": "Tulis harganya.",
    "weight": "Tulis berat setelah dikemas.",
    "summary": "Tulis satu kalimat tentang produk ini.",
}
"""What curation asks for and a draft may leave for later."""
MOST = 100_000


def expect(form: FlaskForm, *names: str) -> None:
    """Mark fields as needed in the end, though they may be empty for now: the page calls none optional."""
    for name in names:
        form[name].flags.required = True


class StockRule:
    """How a product is supplied: from the shelf, or made after the order."""

    supply = WordField(
        "Persediaan", choices=[(key.value, label) for key, label in SUPPLY_WORDS.items()], required=False
    )
    lead_days = CountField("Lama pengerjaan (hari kerja)", maximum=365, required=False)
    weekly_capacity = CountField("Sanggup dibuat per minggu", minimum=1, maximum=MOST, required=False)

    def rule(self) -> dict[str, Any]:
        """The stock rule as `catalog.services` takes it; only the numbers that belong to it."""
        supply = Supply(self.supply.data) if self.supply.data else None
        made = supply is Supply.MADE_TO_ORDER
        return {
            "supply": supply,
            "lead_days": self.lead_days.data if made else None,
            "weekly_capacity": self.weekly_capacity.data if made else None,
        }


class NewProductForm(StockRule, FlaskForm):
    """A product in a minute: seven things, and everything else later.

    A field of the stock rule that does not belong to the chosen rule is not looked at.
    """

    photos = MultipleFileField("Foto")
    title = LineField("Nama produk", min_length=3, max_length=90, required="Beri nama dulu.")
    category_id = RowField("Kategori", required=False)
    price = RupiahField("Harga", required=False)
    weight = GramsField("Berat dengan kemasan", required=False)
    quantity = CountField("Jumlah yang ada", maximum=MOST, required=False)
    summary = LineField("Ringkasan", max_length=200, emoji=True, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        expect(self, "photos", *NEEDED, "quantity", "lead_days", "weekly_capacity")

    def check(self, *, for_curation: bool, has_photos: bool) -> bool:
        """Is it good enough: a name for a draft, everything for curation?"""
        good = self.validate()
        if not for_curation:
            return bool(good)
        if not has_photos and not self.photos.errors:
            self.photos.errors = ["Tambahkan sedikitnya satu foto."]
        for name, message in {**NEEDED, **self._needed_by_rule()}.items():
            field = self[name]
            if not field.errors and field.data in (None, ""):
                field.errors = [message]
        return not self.errors

    def validate(self, extra_validators: Any = None) -> bool:
        """Read every field; complaints about numbers of the other stock rule are dropped."""
        super().validate(extra_validators)
        made = self.supply.data == Supply.MADE_TO_ORDER
        for name in ("quantity",) if made else ("lead_days", "weekly_capacity"):
            self[name].errors = []
        return not self.errors

    def _needed_by_rule(self) -> dict[str, str]:
        if self.supply.data == Supply.MADE_TO_ORDER:
            return {
                "lead_days": "Tulis lama pengerjaannya.",
                "weekly_capacity": "Tulis berapa yang sanggup dibuat seminggu.",
            }
        return {"supply": "Pilih salah satu.", "quantity": "Tulis berapa yang ada sekarang."}


class DetailsForm(StockRule, FlaskForm):
    """Everything that is written about a product."""

    title = LineField("Nama produk", min_length=3, max_length=90, required="Beri nama.")
    category_id = RowField("Kategori", required=False)
    summary = LineField("Ringkasan", max_length=200, emoji=True, required=False)
    description = TextField("Cerita", max_length=5000, required=False)
    materials = LineField("Bahan", max_length=300, required=False)
    care = LineField("Perawatan", max_length=300, required=False)
    size_note = LineField("Ukuran", max_length=120, required=False)
    workshop_id = RowField("Bengkel", required=False)
    shipping_class = WordField(
        "Cara kirim", choices=[(key.value, label) for key, label in SHIPPING_WORDS.items()]
    )
    max_per_order = CountField("Paling banyak per pesanan", minimum=1, maximum=10_000, required=False)
    personalisation = LineField("Tulisan khusus yang ditanyakan", max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        expect(self, "category_id", "summary", "lead_days", "weekly_capacity")

    def changes(self, product: Product) -> dict[str, Any]:
        """What differs from the product as it is, as `update_product` takes it."""
        names = (
            "title category_id summary description materials care size_note workshop_id max_per_order"
            " personalisation"
        )
        wanted = {name: self[name].data for name in names.split()} | self.rule()
        wanted["shipping_class"] = ShippingClass(self.shipping_class.data)
        return {name: value for name, value in wanted.items() if value != getattr(product, name)}


class VariantForm(FlaskForm):
    """One line of the table of variants. It stands inside a larger form, whose token counts for it."""

    class Meta:
        csrf = False

    sku = LineField("SKU", max_length=40, required="Tulis SKU.")
    price = RupiahField("Harga", required=False)
    weight = GramsField("Berat", required=False)
    length_cm = CountField("Panjang", minimum=1, maximum=10_000, required=False)
    width_cm = CountField("Lebar", minimum=1, maximum=10_000, required=False)
    height_cm = CountField("Tinggi", minimum=1, maximum=10_000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        expect(self, "price", "weight")

    def changes(self, variant: Variant) -> VariantDetails:
        """What differs from the variant as it is."""
        changed = {
            field.short_name: field.data for field in self if field.data != getattr(variant, field.short_name)
        }
        return cast("VariantDetails", changed)


class NewVariantForm(FlaskForm):
    """One more variant: a value for each option."""

    first = LineField("Pilihan pertama", max_length=40)
    second = LineField("Pilihan kedua", max_length=40, required=False)
    price = RupiahField("Harga")
    weight = GramsField("Berat dengan kemasan")


class OptionsForm(FlaskForm):
    """In what the variants differ."""

    first = LineField("Pilihan pertama", max_length=40, required=False)
    second = LineField("Pilihan kedua", max_length=40, required=False)

    def names(self) -> list[str]:
        """The names that were given."""
        return [name for name in (self.first.data, self.second.data) if name]


class PhotosForm(FlaskForm):
    """More photos for a product."""

    photos = MultipleFileField("Tambah foto")


class AltForm(FlaskForm):
    """What a photo shows, in words."""

    alt = LineField("Keterangan foto", max_length=300, required=False)


class ReasonForm(FlaskForm):
    """Why a product goes back."""

    reason = TextField("Alasan", max_length=500, required="Tulis apa yang perlu diperbaiki.")


class WithdrawForm(FlaskForm):
    """Why a product leaves the shop, if somebody wants to say."""

    reason = LineField("Alasan", max_length=300, required=False)


class CategoryForm(FlaskForm):
    """A shelf of the shop: its name and where it hangs."""

    name = LineField("Nama kategori", min_length=2, max_length=80)
    parent_id = RowField("Di bawah", required=False)


def shelf_choices(shelves: Iterable[Any], *, none: str) -> list[tuple[Any, str]]:
    """Categories for a list of choices, those below others indented."""
    return [("", none), *((shelf.id, "\u2003" * shelf.depth + shelf.name) for shelf in shelves)]
