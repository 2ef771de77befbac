"""What is filled in about a promotion."""

from typing import Any
from urllib.parse import urlsplit

from flask_wtf import FlaskForm

from storefront.core.errors import Invalid
from storefront.core.language import _, lazy
from storefront.core.money import MAX_RUPIAH
from storefront.promotions.models import Funder, Promotion, PromotionKind, PromotionScope
from storefront.promotions.queries.office import product_by_slug, slug_of
from storefront.promotions.services.terms import MAX_USES, PERCENTS, Author, Terms
from storefront.web.fields import CountField, DayField, LineField, RowField, RupiahField, WordField

KINDS = {
    PromotionKind.PERCENT: lazy("Diskon dalam persen"),
    PromotionKind.AMOUNT: lazy("Potongan dalam rupiah"),
    PromotionKind.FREE_SHIPPING: lazy("Gratis ongkir"),
    PromotionKind.BUNDLE: lazy("Diskon bila membeli beberapa"),
    PromotionKind.FAIR_PRICE: lazy("Harga pameran (otomatis, dalam persen)"),
}
SCOPES = {
    PromotionScope.EVERYTHING: lazy("Semua barang"),
    PromotionScope.PRODUCT: lazy("Satu produk"),
    PromotionScope.CATEGORY: lazy("Satu kategori"),
    PromotionScope.FACILITY: lazy("Barang dari satu Lapas"),
    PromotionScope.COLLECTION: lazy("Satu koleksi"),
    PromotionScope.FAIR: lazy("Pesanan lewat kode QR satu acara"),
}
FUNDERS = {
    Funder.PEMPROV: lazy("Pemprov Banten"),
    Funder.OFFICE: lazy("Kanwil Ditjenpas"),
    Funder.FACILITY: lazy("Lapas"),
}
CALENDAR = {"type": "date"}
NONE = ("", lazy("– tidak ada –"))
SOMETIMES = "percent amount pieces product category facility collection fair facility_id"
"""What only some choices ask for, and then have to have."""


class PromotionForm(FlaskForm):
    """A promotion, new or changed. What a kind or a scope does not need is left empty, and not read."""

    name = LineField(
        lazy("Nama yang dibaca pembeli"), max_length=80, min_length=3, required=lazy("Tulis namanya.")
    )
    code = LineField(lazy("Kode voucher"), max_length=24, required=False)
    kind = WordField(lazy("Jenis"), required=lazy("Pilih jenisnya."))
    percent = CountField(lazy("Persen"), minimum=1, maximum=100, required=False)
    amount = RupiahField(lazy("Potongan"), maximum=MAX_RUPIAH, required=False)
    pieces = CountField(lazy("Mulai berapa barang"), minimum=2, maximum=999, required=False)
    minimum = RupiahField(lazy("Belanja paling sedikit"), minimum=0, maximum=MAX_RUPIAH, required=False)
    maximum = RupiahField(lazy("Potongan paling banyak"), maximum=MAX_RUPIAH, required=False)
    starts_on = DayField(lazy("Hari pertama"), required=lazy("Isi hari pertama."), render_kw=CALENDAR)
    ends_on = DayField(lazy("Hari terakhir"), required=False, render_kw=CALENDAR)
    scope = WordField(lazy("Berlaku untuk"), required=lazy("Pilih untuk apa."))
    product = LineField(lazy("Alamat produk"), max_length=200, required=False)
    category = RowField(lazy("Kategori"), required=False)
    facility = RowField(lazy("Lapas"), required=False)
    collection = RowField(lazy("Koleksi"), required=False)
    fair = RowField(lazy("Acara"), required=False)
    total_limit = CountField(lazy("Batas pemakaian seluruhnya"), minimum=1, maximum=MAX_USES, required=False)
    person_limit = CountField(lazy("Batas pemakaian per orang"), minimum=1, maximum=MAX_USES, required=False)
    funder = WordField(lazy("Ditanggung oleh"), required=lazy("Pilih siapa yang menanggungnya."))
    facility_id = RowField(lazy("Lapas yang menanggung"), required=False)

    def offer(self, things: dict[str, list[tuple[int, str]]], funders: list[Funder]) -> None:
        """Set the choices of this request; `funders` are those that the author may spend for."""
        self.kind.offer([(kind.value, str(words)) for kind, words in KINDS.items()])
        self.scope.offer([(scope.value, str(words)) for scope, words in SCOPES.items()])
        self.funder.offer([(funder.value, str(FUNDERS[funder])) for funder in funders])
        none = (NONE[0], str(NONE[1]))
        for name in ("category", "facility", "collection", "fair"):
            self[name].offer([none, *things[name]])
        self.facility_id.offer([none, *things["facility"]])
        for name in SOMETIMES.split():  # no "(optional)" beside what has to be filled in where it is shown
            self[name].flags.required = True

    def terms(self, author: Author) -> Terms:
        """What the service wants to know, once the form is valid. Raises Invalid for an unknown product.

        A facility's staff have no other purse than their own, whatever the form says.
        """
        kind, scope = PromotionKind(self.kind.data), PromotionScope(self.scope.data)
        own = author.facility_id
        funder = Funder(self.funder.data) if own is None else Funder.FACILITY
        payer = self.facility_id.data if own is None and "facility_id" in self else own
        return Terms(
            name=self.name.data,
            code=self.code.data or "",
            kind=kind,
            value=self._value(kind),
            pieces=self.pieces.data,
            minimum=self.minimum.data or 0,
            maximum=self.maximum.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            scope=scope,
            scope_id=self._scope_id(scope),
            total_limit=self.total_limit.data,
            person_limit=self.person_limit.data,
            funder=funder,
            facility_id=payer,
        )

    def _value(self, kind: PromotionKind) -> int:
        if kind in PERCENTS:
            return self.percent.data or 0
        return (self.amount.data or 0) if kind is PromotionKind.AMOUNT else 0

    def _scope_id(self, scope: PromotionScope) -> int | None:
        if scope is PromotionScope.EVERYTHING:
            return None
        if scope is not PromotionScope.PRODUCT:
            key: int | None = self[scope.value].data
            return key
        slug = urlsplit(self.product.data.strip()).path.rstrip("/").rpartition("/")[2]
        found = product_by_slug(slug) if slug else None
        if found is None:
            raise Invalid({"product": _("Produk ini tidak ada. Salin alamat halamannya.")})
        return found


def stored(promotion: Promotion) -> dict[str, Any]:
    """What the form shows of a promotion."""
    percents = promotion.kind in PERCENTS
    names = "name", "kind", "pieces", "maximum", "starts_on", "ends_on", "scope", "total_limit"
    return {name: getattr(promotion, name) for name in (*names, "person_limit", "funder", "facility_id")} | {
        "code": promotion.code or "",
        "minimum": promotion.minimum or None,
        "percent": promotion.value if percents else None,
        "amount": promotion.value if promotion.kind is PromotionKind.AMOUNT else None,
        "product": f"/produk/{slug_of(promotion.product_id)}" if promotion.product_id else "",
        "category": promotion.category_id,
        "facility": promotion.scope_facility_id,
        "collection": promotion.collection_id,
        "fair": promotion.fair_id,
    }
