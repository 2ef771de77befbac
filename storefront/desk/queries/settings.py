"""What a facility has set up, and what is still missing: one line a setting."""

from dataclasses import dataclass

from sqlalchemy import func, select

from storefront.core import clock
from storefront.core.db import db
from storefront.core.language import _, _n
from storefront.facilities.models import ClosingDay, Facility, PageChange, PageChangeStatus
from storefront.facilities.queries import account_for, last_page_change, packagings_in_use, people_of


@dataclass(frozen=True)
class Setting:
    """One line: where it is changed ('' where only the office may), what it says now, is it set."""

    label: str
    href: str
    state: str
    is_set: bool


def settings_of(facility: Facility) -> list[Setting]:
    """Everything that a head sets up, in the order in which a new facility does it."""
    return [
        _page(facility),
        _workshops(facility),
        _counter(facility),
        _contact(facility),
        _days(facility),
        _packaging(facility),
        _people(facility),
        _account(facility),
    ]


def _page(facility: Facility) -> Setting:
    last: PageChange | None = last_page_change(facility.id)
    missing = [
        name
        for name, there in ((_("cerita"), facility.story), (_("foto sampul"), facility.cover_id))
        if not there
    ]
    state = _("Lengkap")
    if last is not None and last.status is PageChangeStatus.WAITING:
        state = _("Usulan menunggu Kanwil")
    elif last is not None and last.status is PageChangeStatus.RETURNED:
        state = _("Usulan dikembalikan: %(why)s", why=last.comment)
    elif missing:
        state = _("Belum ada: %(what)s", what=", ".join(missing))
    return Setting(_("Halaman Lapas"), "/petugas/pengaturan/halaman", state, is_set=not missing)


def _workshops(facility: Facility) -> Setting:
    rooms = len(facility.workshops)
    bare = sum(not room.craft for room in facility.workshops)
    state = _n("%(n)s bengkel", rooms) if rooms else _("Belum ada bengkel")
    if bare:
        state += ", " + _n("%(n)s tanpa keterangan", bare)
    return Setting(
        _("Bengkel"), "/petugas/pengaturan/halaman#bengkel", state, is_set=bool(rooms) and not bare
    )


def _counter(facility: Facility) -> Setting:
    hours = facility.pickup_hours
    return Setting(
        _("Jam ambil di tempat"), "/petugas/pengaturan/loket", hours or _("Belum ditulis"), is_set=bool(hours)
    )


def _contact(facility: Facility) -> Setting:
    phone = facility.contact_phone
    state = _("Terisi") if phone else _("Belum ditulis")
    return Setting(_("Kontak pertanyaan dan keluhan"), "/petugas/pengaturan/loket", state, is_set=bool(phone))


def _days(facility: Facility) -> Setting:
    ahead = select(func.count()).where(
        ClosingDay.facility_id == facility.id, ClosingDay.last >= clock.today()
    )
    days = db.session.scalar(ahead) or 0
    state = _n("%(n)s hari libur tercatat", days) if days else _("Hanya akhir pekan dan libur nasional")
    return Setting(_("Hari libur"), "/petugas/jeda", state, is_set=True)


def _packaging(facility: Facility) -> Setting:
    sizes = packagings_in_use(facility.id)
    state = _n("%(n)s ukuran", sizes) if sizes else _("Belum ada: ongkir dihitung dari berat barang saja")
    return Setting(_("Ukuran kemasan"), "/petugas/pengaturan/kemasan", state, is_set=bool(sizes))


def _people(facility: Facility) -> Setting:
    return Setting(
        _("Petugas"), "/petugas/orang", _n("%(n)s orang", len(people_of(facility.id))), is_set=True
    )


def _account(facility: Facility) -> Setting:
    account = account_for({facility.id}, clock.today())
    if account is None:
        return Setting(_("Rekening penerima"), "", _("Belum ada: hubungi Kanwil"), is_set=False)
    whose = _("Rekening Lapas") if account.facility_id else _("Rekening Kanwil")
    state = _(
        "%(whose)s: %(bank)s, berakhiran %(last)s", whose=whose, bank=account.bank, last=account.number[-4:]
    )
    return Setting(_("Rekening penerima"), "", state, is_set=True)
