"""Every rule and setting that the regional office looks after: what each is for, and how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select

from storefront.accounts.models import Role, User
from storefront.catalog.models import Category, Collection, Synonym
from storefront.catalog.models.food import FoodLicence, FoodRule
from storefront.catalog.models.writing import WordRule
from storefront.core import clock
from storefront.core.db import db
from storefront.core.language import _, _n
from storefront.desk.queries.jobs import given_up
from storefront.facilities.models import (
    AccountStatus,
    Facility,
    MerchantAccount,
    PageChange,
    PageChangeStatus,
)
from storefront.notices.models import Notice
from storefront.promotions.models import Promotion
from storefront.shipping.models import ShippingRate, WaybillLink
from storefront.texts.models import PageVersion
from storefront.web.formats import plain_date

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Rule:
    """One thing to manage: where, what it is for, how it stands; `waits` when somebody has to act."""

    label: str
    href: str
    purpose: str
    state: str
    waits: bool = False


@dataclass(frozen=True)
class Group:
    """Rules that belong together."""

    name: str
    rules: Sequence[Rule]


def office_settings() -> list[Group]:
    """All of them. Two queries, however much there is."""
    now = db.session.execute(select(*_figures())).one()
    return [
        Group(_("Barang dan kata-katanya"), _goods(now)),
        Group(_("Pengiriman dan uang"), _money(now)),
        Group(_("Lapas dan orang"), _people(now)),
        Group(_("Halaman dan kabar"), _pages(now)),
    ]


def _count(model: Any, *where: Any) -> ScalarSelect[int]:
    return select(func.count(model.id)).where(*where).scalar_subquery()


def _figures() -> list[Any]:
    today = clock.today()
    is_on = (
        Promotion.starts_on <= today,
        or_(Promotion.ends_on.is_(None), Promotion.ends_on >= today),
        Promotion.ended_at.is_(None),
    )
    figures: dict[str, Any] = {
        "shelves": _count(Category, Category.parent_id.is_(None)),
        "subshelves": _count(Category, Category.parent_id.is_not(None)),
        "synonyms": _count(Synonym),
        "words": _count(WordRule),
        "collections": _count(Collection, Collection.is_published),
        "food_rules": _count(FoodRule, FoodRule.valid_from <= today),
        "food_coming": _count(FoodRule, FoodRule.valid_from > today),
        "licences": _count(FoodLicence, FoodLicence.valid_until.between(today, today + SOON)),
        "rates": _count(ShippingRate),
        "rates_at": select(func.max(ShippingRate.updated_at)).scalar_subquery(),
        "couriers": _count(WaybillLink),
        "offers": _count(Promotion, *is_on),
        "accounts": _count(MerchantAccount, MerchantAccount.status == AccountStatus.APPROVED, *_dated(today)),
        "accounts_wait": _count(MerchantAccount, MerchantAccount.status == AccountStatus.PROPOSED),
        "facilities": _count(Facility),
        "proposals": _count(PageChange, PageChange.status == PageChangeStatus.WAITING),
        "people": _count(User, User.role != Role.BUYER, User.is_enabled, User.password_hash.is_not(None)),
        "invited": _count(User, User.role != Role.BUYER, User.is_enabled, User.password_hash.is_(None)),
        "notices": _count(Notice, Notice.withdrawn_at.is_(None), Notice.last_day >= today),
        "texts": _count(PageVersion),
        "texts_coming": _count(PageVersion, PageVersion.valid_from > today),
    }
    return [figure.label(name) for name, figure in figures.items()]


def _dated(today: Any) -> tuple[ColumnElement[bool], ...]:
    until = MerchantAccount.valid_until
    return MerchantAccount.valid_from <= today, or_(until.is_(None), until >= today)


def _goods(now: Any) -> list[Rule]:
    shelves = _n("%(n)s kategori", now.shelves) + ", " + _n("%(n)s di dalamnya", now.subshelves)
    food = _n("%(n)s aturan berlaku", now.food_rules)
    if now.food_coming:
        food += ", " + _n("%(n)s mulai nanti", now.food_coming)
    return [
        Rule(_("Kategori"), "/kanwil/kategori", _("Rak tempat pembeli mencari barang."), shelves),
        Rule(
            _("Koleksi"), "/pemprov/koleksi", _("Barang pilihan yang tampil bersama, bersama Pemprov."),
            _n("%(n)s ditampilkan", now.collections),
        ),
        Rule(
            _("Sinonim"), "/kanwil/sinonim", _("Kata yang dianggap sama saat pembeli mencari."),
            _n("%(n)s kelompok kata", now.synonyms),
        ),
        Rule(
            _("Kata produk"), "/kanwil/kata-produk",
            _("Kata yang ditolak atau diperingatkan di teks produk."),
            _n("%(n)s kata ditetapkan Kanwil", now.words),
        ),
        Rule(
            _("Aturan izin pangan"), "/kanwil/izin-pangan/aturan",
            _("Izin yang diperlukan makanan sebelum tayang, per kategori dan tanggal."), food,
        ),
        Rule(
            _("Izin pangan"), "/kanwil/izin-pangan", _("Semua izin makanan dengan masa berlakunya."),
            _n("%(n)s berakhir dalam 30 hari", now.licences), waits=now.licences > 0,
        ),
    ]  # fmt: skip


def _money(now: Any) -> list[Rule]:
    rates = _n("%(n)s tarif", now.rates)
    if changed := _moment(now.rates_at):
        rates += ", " + _("diganti %(day)s", day=plain_date(changed))
    accounts = _n("%(n)s rekening berlaku", now.accounts)
    if now.accounts_wait:
        accounts += ", " + _n("%(n)s usulan menunggu", now.accounts_wait)
    return [
        Rule(_("Ongkir"), "/kanwil/ongkir", _("Tarif kirim per wilayah dan layanan."), rates),
        Rule(
            _("Kurir"), "/kanwil/kurir", _("Alamat tempat pembeli melacak resi tiap kurir."),
            _n("%(n)s kurir", now.couriers),
        ),
        Rule(
            _("Promosi"), "/pemprov/promosi", _("Voucher dan potongan: siapa yang menanggung, sampai kapan."),
            _n("%(n)s sedang berjalan", now.offers),
        ),
        Rule(
            _("Rekening"), "/kanwil/rekening", _("Rekening penerima uang, disetujui dua orang."), accounts,
            waits=now.accounts_wait > 0,
        ),
    ]  # fmt: skip


def _moment(value: Any) -> Any:
    """SQLite gives the largest moment of a subquery as text."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _people(now: Any) -> list[Rule]:
    people = _n("%(n)s orang dapat masuk", now.people)
    if now.invited:
        people += ", " + _n("%(n)s undangan belum dijawab", now.invited)
    return [
        Rule(
            _("Lapas"), "/kanwil/lapas", _("Nama, alamat, bengkel, dan foto sampul setiap Lapas."),
            _n("%(n)s Lapas", now.facilities),
        ),
        Rule(
            _("Usulan halaman Lapas"), "/kanwil/lapas/usulan",
            _("Cerita, foto, dan bengkel yang ingin ditampilkan Lapas."),
            _n("%(n)s menunggu", now.proposals), waits=now.proposals > 0,
        ),
        Rule(
            _("Pengguna"), "/kanwil/pengguna", _("Siapa yang boleh masuk, dengan peran apa."), people,
        ),
        Rule(
            _("Catatan tindakan"), "/kanwil/catatan", _("Apa yang dilakukan petugas, tidak dapat diubah."),
            _("Selalu berjalan"),
        ),
    ]  # fmt: skip


def _pages(now: Any) -> list[Rule]:
    jobs = sum(kind.count for kind in given_up())
    texts = _n("%(n)s naskah diterbitkan", now.texts) if now.texts else _("Semua naskah bawaan toko")
    if now.texts_coming:
        texts += ", " + _n("%(n)s mulai nanti", now.texts_coming)
    return [
        Rule(
            _("Halaman toko"), "/kanwil/halaman", _("Cara belanja, tentang kami, privasi, dan syarat."), texts
        ),
        Rule(
            _("Pengumuman"), "/kanwil/pengumuman", _("Kabar Kanwil di Hari ini setiap Lapas."),
            _n("%(n)s sedang tampil", now.notices),
        ),
        Rule(
            _("Surat untuk saya"), "/akun/surat", _("Ringkasan mingguan dan bahasa surat Anda sendiri."),
            _("Diatur tiap orang"),
        ),
        Rule(
            _("Tugas gagal"), "/kanwil/tugas-gagal", _("Surat dan tugas yang tidak berhasil dijalankan."),
            _n("%(n)s tugas", jobs), waits=jobs > 0,
        ),
    ]  # fmt: skip
