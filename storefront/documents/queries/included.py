"""The tax that lies in the prices of a receipt, by seller: as it was when the money came."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from storefront.core.language import _
from storefront.core.money import rupiah
from storefront.core.taxes import RULES, Included, TaxProfile, given_back, included
from storefront.documents.queries.returns import Return
from storefront.orders.models import OrderLine
from storefront.payments.models import InvoiceTax

Data = dict[str, Any]


@dataclass(frozen=True)
class Seller:
    """One whose prices hold a tax, and the facilities whose goods they sold on this receipt."""

    name: str
    profile: TaxProfile
    facilities: frozenset[int]
    sum: Included


def sellers(rows: Iterable[InvoiceTax]) -> list[Seller]:
    """By account: a seller's goods are counted together, so that their tax is rounded once."""
    groups: dict[int, list[InvoiceTax]] = {}
    for row in rows:
        groups.setdefault(row.account_id, []).append(row)
    return [
        Seller(
            same[0].seller,
            same[0].profile,
            frozenset(row.facility_id for row in same),
            included(same[0].profile, sum(row.price for row in same)),
        )
        for same in groups.values()
    ]


def returned(seller: Seller, lines: Iterable[OrderLine], returns: Sequence[Return]) -> list[int]:
    """The seller's tax in each of these returns, in rupiah: all of them together never more than it was."""
    theirs = {line.id for line in lines if line.facility_id in seller.facilities}
    earlier, found = 0, []
    for one in returns:
        amount = sum(row.amount for row in one.lines if row.order_line_id in theirs)
        found.append(given_back(seller.profile, seller.sum.price, earlier, amount))
        earlier += amount
    return found


def part(rows: Iterable[InvoiceTax], lines: Sequence[OrderLine], returns: Sequence[Return]) -> Data | None:
    """This part of the receipt as plain data; None where no seller takes a tax."""
    taxed = sellers(rows)
    if not taxed:
        return None
    back = [sum(returned(one, lines, returns)) for one in taxed]
    return {
        "heading": _("Termasuk PPN"),
        "columns": [_("Penjual"), _("Harga termasuk PPN"), _("Harga jual"), _("DPP nilai lain"), _("PPN")],
        "rows": [[one.name, *map(rupiah, _figures(one.sum))] for one in taxed],
        "sum": _sum(taxed),
        "back": _("PPN dalam pengembalian: %(amount)s", amount=rupiah(-sum(back))) if sum(back) else "",
    }


def note(rows: Iterable[InvoiceTax], facilities: int) -> str:
    """What the receipt says of its taxes; `facilities` is how many have goods on it."""
    rows = list(rows)
    rules = [RULES[profile] for profile in dict.fromkeys(row.profile for row in rows)]
    if not rules:
        return _("Tidak ada PPN yang dipungut. Nota ini bukan Faktur Pajak.")
    words = [
        _(
            "PPN %(percent)s%% dihitung dari DPP nilai lain, %(part)s harga jual (%(law)s).",
            percent=rule.percent, part=f"{rule.numerator}/{rule.denominator}", law=rule.reference,
        )
        for rule in rules
    ]  # fmt: skip
    if len(rows) < facilities:
        words.append(_("Untuk barang lainnya tidak ada PPN yang dipungut."))
    return " ".join([*words, _("Nota ini bukan Faktur Pajak.")])


# --- pieces -------------------------------------------------------------------------------------------


def _figures(one: Included) -> tuple[int, int, int, int]:
    return one.price, one.selling, one.base, one.tax


def _sum(taxed: Sequence[Seller]) -> list[str]:
    """The sums of several sellers; none for a single one."""
    if len(taxed) < 2:
        return []
    return [
        _("Total"),
        *(rupiah(sum(column)) for column in zip(*(_figures(one.sum) for one in taxed), strict=True)),
    ]
