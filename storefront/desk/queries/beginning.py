"""The first steps of each role: what a desk needs once, ticked off by what is there, gone when all is."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select, true

from storefront.accounts.models import Role, SecondFactor, User
from storefront.accounts.services.factors import is_exempt
from storefront.catalog.models import Category, Collection, Product, ProductStatus
from storefront.core.db import db
from storefront.core.language import _
from storefront.events.models import Fair
from storefront.facilities.models import AccountStatus, Facility, Membership, MerchantAccount, Packaging
from storefront.inventory.models import Location, StockLevel
from storefront.shipping.models import ShippingRate


@dataclass(frozen=True)
class Step:
    """Something that is done once: what, where, and whether it is."""

    label: str
    href: str
    is_done: bool


def facility_beginning(facility_id: int, person: User) -> list[Step]:
    """What a facility needs once to sell; its head also sees to people and boxes. [] when all is there.

    For a facility that has no order yet: from then on its day tells what to do.
    """
    mine = {"facility_id": facility_id}
    facts = [
        _has_factor(person),
        exists(select(Product.id).filter_by(**mine).where(Product.submitted_at.is_not(None))),
        exists(select(StockLevel.id).join(StockLevel.location).where(Location.facility_id == facility_id)),
        exists(select(Packaging.id).filter_by(**mine)),
        exists(select(Facility.id).filter_by(id=facility_id).where(Facility.story != "")),
        select(func.count()).select_from(Membership).filter_by(**mine).scalar_subquery() > 1,
    ]
    words = [
        _factor_words(),
        (_("Kirim produk pertama ke kurasi"), "/petugas/produk/baru"),
        (_("Catat stok barang yang siap dijual"), "/petugas/stok"),
        (_("Tulis ukuran kardus dan beratnya"), "/petugas/pengaturan/kemasan"),
        (_("Lengkapi cerita Lapas untuk pembeli"), "/petugas/pengaturan/halaman"),
        (_("Undang petugas kedua"), "/petugas/orang"),
    ]
    chosen = slice(None) if person.role is Role.FACILITY_HEAD else slice(1, 3)
    return _steps(facts[chosen], words[chosen])


def office_beginning(person: User) -> list[Step]:
    """What the regional office needs once to open the shop. [] when all is there."""
    agreed = MerchantAccount.status.in_((AccountStatus.STANDING, AccountStatus.APPROVED))
    facts = [
        _has_factor(person),
        exists(select(MerchantAccount.id).where(agreed)),
        exists(select(Facility.id)),
        exists(select(Category.id)),
        exists(select(ShippingRate.id)),
        select(func.count(User.id)).filter_by(role=Role.REGIONAL).scalar_subquery() > 1,
        exists(select(Product.id).filter_by(status=ProductStatus.PUBLISHED)),
    ]
    words = [
        _factor_words(),
        (_("Setujui rekening penerima, berdua"), "/kanwil/rekening"),
        (_("Tambahkan Lapas yang ikut berjualan"), "/kanwil/lapas"),
        (_("Susun kategori toko"), "/kanwil/kategori"),
        (_("Isi tabel ongkos kirim"), "/kanwil/ongkir"),
        (_("Undang petugas Kanwil kedua"), "/kanwil/pengguna"),
        (_("Setujui produk pertama"), "/kanwil/kurasi"),
    ]
    return _steps(facts, words)


def promoter_beginning() -> list[Step]:
    """What a promoter does once: a fair, and a collection. [] when both are there."""
    words = [
        (_("Buat acara pertama"), "/pemprov/acara/baru"),
        (_("Susun koleksi pertama"), "/pemprov/koleksi"),
    ]
    return _steps([exists(select(Fair.id)), exists(select(Collection.id))], words)


def _has_factor(person: User) -> Any:
    """Does this person sign in with a second step, or need none (the demo's people)?"""
    return true() if is_exempt(person) else exists(select(SecondFactor.user_id).filter_by(user_id=person.id))


def _factor_words() -> tuple[str, str]:
    return _("Pasang verifikasi dua langkah di HP Anda"), "/akun/verifikasi"


def _steps(facts: list[Any], words: list[tuple[str, str]]) -> list[Step]:
    """The steps with their facts, asked in one query."""
    found = db.session.execute(select(*facts)).one()
    steps = [Step(*word, bool(fact)) for word, fact in zip(words, found, strict=True)]
    return [] if all(step.is_done for step in steps) else steps
