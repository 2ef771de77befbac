"""What is kept about an edit: written in the shop's own language, read in the language of the moment."""

from collections.abc import Iterable

from storefront.core.language import SOURCE, _, lazy, speaking

FIRST_STOCK = lazy("Stok awal")
_EDITED = "Diubah: "
_PRICE = "harga "
_COPIED = "Disalin: "


def as_written(text: str) -> str:
    """A marked text in the language of the source: what is kept does not depend on who was there."""
    with speaking(SOURCE):
        return str(text)


def trace(what: Iterable[str]) -> str:
    """The line that is kept of an edit: 'Diubah: judul, ringkasan'."""
    return _EDITED + ", ".join(as_written(part) for part in what)


def copied_from(product_id: int) -> str:
    """The line that is kept of a copy: 'Disalin: 12'."""
    return f"{_COPIED}{product_id}"


def told(kept: str) -> str:
    """A kept line in the language of the moment; what a person wrote stays as it is."""
    if kept == as_written(FIRST_STOCK):
        return _("Stok awal")
    if kept.startswith(_COPIED):
        return _("Disalin dari produk nomor %(number)s", number=kept.removeprefix(_COPIED))
    if not kept.startswith(_EDITED):
        return kept
    parts = kept.removeprefix(_EDITED).split(", ")
    return _("Diubah: %(what)s", what=", ".join(_part(part) for part in parts))


def _part(text: str) -> str:
    if text.startswith(_PRICE):
        return _("harga %(amount)s", amount=text.removeprefix(_PRICE))
    return _(text)
