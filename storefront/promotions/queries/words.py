"""Promotions in words: what one gives, what is missing for it, what became of a code."""

from storefront.core.language import _, _n
from storefront.core.money import rupiah
from storefront.promotions.models import PromotionKind
from storefront.promotions.queries.reckoning import Near, Offer, Reckoning


def benefit(offer: Offer) -> str:
    """What it gives, for what, and its limits: 'Diskon 10% untuk Tas, paling banyak Rp50.000'."""
    match offer.kind:
        case PromotionKind.AMOUNT:
            words = _("Potongan %(amount)s", amount=rupiah(offer.value))
        case PromotionKind.FREE_SHIPPING:
            words = _("Gratis ongkir")
        case PromotionKind.BUNDLE:
            words = _(
                "Diskon %(percent)s%% bila membeli %(n)s atau lebih", percent=offer.value, n=offer.pieces
            )
        case PromotionKind.FAIR_PRICE:
            words = _("Harga pameran: diskon %(percent)s%%", percent=offer.value)
        case _:
            words = _("Diskon %(percent)s%%", percent=offer.value)
    if offer.scope_words:
        words = _("%(benefit)s untuk %(things)s", benefit=words, things=offer.scope_words)
    if offer.maximum:
        words = _("%(benefit)s, paling banyak %(most)s", benefit=words, most=rupiah(offer.maximum))
    if offer.minimum:
        words = _("%(benefit)s, mulai belanja %(least)s", benefit=words, least=rupiah(offer.minimum))
    return words


def near_words(near: Near) -> str:
    """What is missing: 'Belanja Rp20.000 lagi untuk Gratis ongkir'."""
    name = near.offer.name
    if near.pieces:
        return _n("Tambah %(n)s barang lagi untuk %(offer)s", near.pieces, offer=name)
    return _("Belanja %(amount)s lagi untuk %(offer)s", amount=rupiah(near.rupiah), offer=name)


def code_words(found: Reckoning) -> str:
    """Why the code of a cart takes nothing off now; '' when it does, or when there is none."""
    if not found.code or found.code_counts:
        return ""
    offer, near = found.code_offer, found.code_near
    if offer is None:
        return _("Kode %(code)s tidak kami kenal.", code=found.code)
    if offer.refused:
        return _("Kode %(code)s tidak dapat dipakai. %(why)s", code=found.code, why=offer.refused)
    if near is not None and near.rupiah:
        least = rupiah(near.rupiah)
        return _("Kode %(code)s berlaku setelah belanja %(amount)s lagi.", code=found.code, amount=least)
    if near is not None and offer.scope_words:
        return _("Kode %(code)s hanya untuk %(things)s.", code=found.code, things=offer.scope_words)
    if near is not None:
        return _("Kode %(code)s tidak berlaku untuk barang di keranjang ini.", code=found.code)
    return _("Kode %(code)s tidak menambah potongan pada pesanan ini.", code=found.code)
