"""What several forms of products have in common: the stock rule, the costs, being shown unsent."""

from typing import Any

from flask_wtf import FlaskForm

from storefront.catalog.models import ShippingClass, Supply
from storefront.core.language import lazy
from storefront.web.fields import CountField, MinutesField, RupiahField, WordField

SUPPLY_WORDS = {
    Supply.READY: lazy("Stok siap kirim"),
    Supply.MADE_TO_ORDER: lazy("Dibuat setelah dipesan"),
}
MOST = 100_000


def expect(form: FlaskForm, *names: str) -> None:
    """Mark fields as needed in the end, though they may be empty for now: the page calls none optional."""
    for name in names:
        form[name].flags.required = True


class StockRule:
    """How a product is supplied: from the shelf, or made after the order."""

    supply = WordField(
        lazy("Persediaan"),
        choices=[(key.value, label) for key, label in SUPPLY_WORDS.items()],
        required=False,
    )
    lead_days = CountField(lazy("Lama pengerjaan (hari kerja)"), maximum=365, required=False)
    weekly_capacity = CountField(lazy("Sanggup dibuat per minggu"), minimum=1, maximum=MOST, required=False)

    def rule(self) -> dict[str, Any]:
        """The stock rule as `catalog.services` takes it; only the numbers that belong to it."""
        supply = Supply(self.supply.data) if self.supply.data else None
        made = supply is Supply.MADE_TO_ORDER
        return {
            "supply": supply,
            "lead_days": self.lead_days.data if made else None,
            "weekly_capacity": self.weekly_capacity.data if made else None,
        }


class CostFields:
    """What one piece takes. Only the staff and the office see it; a price is suggested from it."""

    material_cost = RupiahField(lazy("Biaya bahan satu barang"), minimum=0, required=False)
    work_minutes = MinutesField(lazy("Jam kerja satu barang"), maximum=120_000, required=False)


class Previewed:
    """A form that can be shown as buyers would see it, however far it is filled in."""

    def typed(self: Any) -> dict[str, Any]:
        """What is readable so far, by the names of a product. No complaints: nobody sent it yet."""
        self.validate()
        good = {field.short_name: field.data for field in self if not field.errors}
        for field in self:
            field.errors = []
        if "supply" in good:
            good |= self.rule()
        if "shipping_class" in good:
            good["shipping_class"] = ShippingClass(good["shipping_class"])
        return good
