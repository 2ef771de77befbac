"""Cases in words, in the language of the moment: what is wrong, what is done, and what happened when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storefront.aftersales.models import (
    LATE,
    STUCK,
    CaseEntry,
    CaseStatus,
    ComplaintCase,
    Party,
    Problem,
    Remedy,
    ReturnStatus,
    Wish,
)
from storefront.aftersales.services.goods import BACK, SENT
from storefront.core.language import _, _n, lazy
from storefront.core.privacy import hide_contacts
from storefront.web.formats import long_date

PROBLEMS = {
    Problem.DAMAGED: lazy("Rusak atau cacat"),
    Problem.WRONG: lazy("Barang yang datang salah"),
    Problem.MISSING: lazy("Ada yang kurang"),
    Problem.NOT_AS_DESCRIBED: lazy("Tidak sesuai foto atau keterangan"),
    Problem.CHANGED_MIND: lazy("Tidak jadi, barangnya baik"),
    Problem.REFUSED: lazy("Penerima menolak paketnya"),
    Problem.BAD_ADDRESS: lazy("Alamatnya salah atau tidak lengkap"),
    Problem.NOT_HOME: lazy("Tidak ada orang di alamatnya"),
    Problem.CARRIER: lazy("Kesalahan kurir atau Lapas"),
}
WISHES = {
    Wish.REFUND: lazy("Uang kembali"),
    Wish.EXCHANGE: lazy("Kirim penggantinya"),
    Wish.OTHER: lazy("Lainnya"),
}
REMEDIES = {
    Remedy.REFUND: WISHES[Wish.REFUND],
    Remedy.EXCHANGE: WISHES[Wish.EXCHANGE],
    Remedy.OTHER: lazy("Cara lain, seperti tertulis"),
    Remedy.NOTHING: lazy("Tidak ada ganti"),
}
RESEND = REMEDIES | {Remedy.EXCHANGE: lazy("Kirim ulang")}
"""What is done about a parcel that came back."""
_STEPS = {
    (CaseStatus.OPEN, Party.BUYER): lazy("Keluhan disampaikan"),
    (CaseStatus.OFFERED, Party.FACILITY): lazy("Lapas menjawab"),
    (CaseStatus.ACCEPTED, Party.FACILITY): lazy("Lapas menyetujui"),
    (CaseStatus.ACCEPTED, Party.BUYER): lazy("Pembeli menerima tawaran"),
    (CaseStatus.ACCEPTED, Party.OFFICE): lazy("Kantor Wilayah memutuskan untuk pembeli"),
    (CaseStatus.OFFICE, Party.FACILITY): lazy("Lapas menyerahkan keputusan kepada Kantor Wilayah"),
    (CaseStatus.OFFICE, Party.BUYER): lazy("Pembeli tidak menerima tawaran; Kantor Wilayah memutuskan"),
    (CaseStatus.OFFICE, Party.SHOP): lazy("Diteruskan ke Kantor Wilayah"),
    (CaseStatus.SETTLED, Party.BUYER): lazy("Pembeli menerima penjelasan"),
    (CaseStatus.SETTLED, Party.FACILITY): lazy("Lapas menyelesaikannya"),
    (CaseStatus.SETTLED, Party.OFFICE): lazy("Kantor Wilayah menyelesaikannya"),
    (CaseStatus.SETTLED, Party.SHOP): lazy("Selesai"),
    (CaseStatus.REJECTED, Party.OFFICE): lazy("Kantor Wilayah menolak"),
    (CaseStatus.WITHDRAWN, Party.BUYER): lazy("Pembeli mencabut keluhan"),
}
_SHOP = {
    LATE: lazy("Batas waktunya lewat tanpa jawaban."),
    STUCK: lazy("Yang disepakati tidak dapat dijalankan, misalnya karena stoknya habis."),
}


@dataclass(frozen=True)
class ThreadRow:
    """One entry as its reader sees it. `mine` says that the reader's own side wrote it."""

    who: str
    title: str
    text: str
    at: datetime
    mine: bool
    is_step: bool


def thread(case: ComplaintCase, reader: Party) -> list[ThreadRow]:
    """What was said and done, oldest first. The facility reads no telephone number and no address."""
    return [_row(case, entry, reader) for entry in case.entries]


def story(case: ComplaintCase, reader: Party) -> str:
    """What was told first, as this reader may read it: of a parcel that came back by the staff."""
    return hide_contacts(case.told) if reader is Party.FACILITY else case.told


def reason_words(case: ComplaintCase) -> str:
    """What is wrong, to end a sentence with."""
    words = str(PROBLEMS[case.problem])
    return words[0].lower() + words[1:]


def problem_words(case: ComplaintCase) -> str:
    """What is wrong, on one line."""
    if case.came_back:
        return _("Paket kembali: %(why)s", why=reason_words(case))
    return str(PROBLEMS[case.problem])


def heading(case: ComplaintCase) -> str:
    """What the pages of a case are called."""
    if case.came_back:
        return _("Paket kembali %(reference)s", reference=case.reference)
    return _("Keluhan %(reference)s", reference=case.reference)


def until(moment: datetime) -> str:
    """The last day of a deadline: '3 Desember 2026' for its midnight."""
    return long_date(moment - timedelta(seconds=1))


def remedy_words(case: ComplaintCase) -> str:
    """What is offered or decided, in one sentence."""
    if case.remedy is None or case.remedy is Remedy.NOTHING:
        return _("Tidak ada ganti.")
    pieces = sum(item.granted for item in case.items)
    match case.remedy:
        case Remedy.REFUND if case.with_shipping:
            what = _n("Uang untuk %(n)s barang dan ongkos kirimnya dikembalikan.", pieces)
        case Remedy.REFUND:
            what = _n("Uang untuk %(n)s barang dikembalikan.", pieces)
        case Remedy.EXCHANGE if case.came_back:
            what = _resent_words(case, pieces)
        case Remedy.EXCHANGE:
            what = _n("%(n)s barang pengganti dikirim tanpa biaya.", pieces)
        case _:
            what = _("Diselesaikan dengan cara lain, seperti tertulis di percakapan.")
    if case.wants_goods and case.return_status is not ReturnStatus.RECEIVED:
        what += " " + _("Barangnya dikirim kembali dahulu.")
    return what


def _resent_words(case: ComplaintCase, pieces: int) -> str:
    rest = sum(item.quantity for item in case.items) - pieces
    what = _n("%(n)s barang dikirim ulang.", pieces)
    return f"{what} {_n('Uang untuk %(n)s barang dikembalikan.', rest)}" if rest else what


def next_step(case: ComplaintCase) -> str:
    """Whose turn it is and until when, said to the buyer."""
    day = until(case.answer_by) if case.answer_by else ""
    return _back_step(case, day) if case.came_back else _complaint_step(case, day)


def _back_step(case: ComplaintCase, day: str) -> str:
    """Of a parcel that came back: the office's turn, until it has decided."""
    if case.status is not CaseStatus.OFFICE:
        return remedy_words(case)
    return _("Kantor Wilayah memutuskan paling lambat %(day)s: dikirim ulang, atau uang kembali.", day=day)


def _complaint_step(case: ComplaintCase, day: str) -> str:
    match case.status:
        case CaseStatus.OPEN:
            return _("%(place)s menjawab paling lambat %(day)s.", place=case.facility.name, day=day)
        case CaseStatus.OFFERED:
            return _(
                "Jawaban Anda ditunggu sampai %(day)s; sesudah itu Kantor Wilayah yang memutuskan.", day=day
            )
        case CaseStatus.OFFICE:
            return _("Kantor Wilayah memutuskan paling lambat %(day)s.", day=day)
        case CaseStatus.ACCEPTED if case.return_status is ReturnStatus.ASKED:
            return _("Kirimkan barangnya kembali paling lambat %(day)s, lalu tulis nomor resinya.", day=day)
        case CaseStatus.ACCEPTED if case.return_status is ReturnStatus.SENT:
            return _("Barang sedang kembali ke %(place)s.", place=case.facility.name)
        case CaseStatus.ACCEPTED:
            return _(
                "%(place)s sedang menyelesaikannya, paling lambat %(day)s.", place=case.facility.name, day=day
            )
        case CaseStatus.SETTLED:
            return _("Keluhan ini selesai.")
        case CaseStatus.REJECTED:
            return _("Keluhan ini ditolak; alasannya ada di bawah.")
        case _:
            return _("Keluhan ini Anda cabut.")


def _row(case: ComplaintCase, entry: CaseEntry, reader: Party) -> ThreadRow:
    step = (CaseStatus(entry.to_status), entry.party) if entry.to_status else None
    title = str(_STEPS.get(step, entry.to_status)) if step else ""
    if case.came_back and step and not entry.from_status:
        title = _("Paket kembali ke Lapas")
    text = entry.text
    if entry.party is Party.SHOP:
        text = str(_SHOP.get(text, ""))
    elif text == BACK:
        title, text = _("Barang kembali diterima"), ""
    elif entry.party is Party.BUYER and text.startswith(f"{SENT} "):
        title, text = _("Barang dikirim kembali"), text.removeprefix(f"{SENT} ")
    elif entry.party is Party.BUYER and reader is Party.FACILITY:
        text = hide_contacts(text)
    return ThreadRow(
        _who(case, entry, reader), title, text, entry.at, entry.party is reader, bool(entry.to_status)
    )


def _who(case: ComplaintCase, entry: CaseEntry, reader: Party) -> str:
    """A side, never a name: the buyer's is nobody's business, an officer's only the office's."""
    match entry.party:
        case Party.BUYER:
            return _("Anda") if reader is Party.BUYER else _("Pembeli")
        case Party.FACILITY:
            place = case.facility.name
            return f"{place} ({entry.actor.name})" if reader is Party.OFFICE and entry.actor else place
        case Party.OFFICE:
            name = _("Kantor Wilayah")
            return f"{name} ({entry.actor.name})" if reader is Party.OFFICE and entry.actor else name
        case _:
            return _("Toko")
