"""What a head does for the own staff, and the office about heads and to its facilities."""

from datetime import timedelta

from storefront.core import clock
from tests.desk.acts_step import Step

_ROOM = "/petugas/orang"
_NEW = {"name": "Budi", "email": "budi@contoh.go.id"}

HEAD = (
    Step(
        "catalog_staff.take_down",
        "/petugas/produk/foto-tayang/{face}/turunkan",
        {"reason": "Tampak gembok", "spot": "5"},
        ("photo.withdrawn",),
    ),
    Step(
        "orders_staff.words",
        "/petugas/pesanan/pesan",
        {"kind": "late", "body": "Mohon maaf, {kode} terlambat."},
        ("message.words",),
    ),
    Step("own_people.invite", _ROOM, _NEW, ("user.added", "user.placed")),
    Step("own_people.renew_link", _ROOM + "/{mate}/tautan", {}, ("user.link_renewed",)),
    Step("own_people.end_session", _ROOM + "/{mate}/sesi/{mate_session}/akhiri", {}, ("user.session_ended",)),
    Step("own_people.sign_out", _ROOM + "/{mate}/akhiri-sesi", {}, ("user.signed_out",)),
    Step("own_people.close", _ROOM + "/{mate}/nonaktifkan", {}, ("user.disabled",)),
    Step("own_people.reopen", _ROOM + "/{mate}/aktifkan", {}, ("user.enabled",)),
    Step("own_people.withdraw", _ROOM + "/{invited}/batalkan", {}, ("user.withdrawn",)),
)

ROLES = (
    Step(
        "notices_office.new",
        "/kanwil/pengumuman/baru",
        lambda ids: {
            "once": "tanda",
            "title": "Rapat",
            "body": "Senin pukul 9.",
            "whom": "some",
            "last_day": (clock.today() + timedelta(days=7)).isoformat(),
            "facilities": [ids["facility"]],
        },
        ("notice.published",),
    ),
    Step("notices_office.withdraw", "/kanwil/pengumuman/{notice}/tarik", {}, ("notice.withdrawn",)),
    Step(
        "people_office.end_session",
        "/kanwil/pengguna/{mate}/sesi/{mate_session}/akhiri",
        {},
        ("user.session_ended",),
    ),
    Step("people_office.withdraw", "/kanwil/pengguna/{invited}/batalkan", {}, ("user.withdrawn",)),
    Step(
        "people_office.change_role",
        "/kanwil/pengguna/{mate}/peran/facility_head",
        {},
        ("user.role_changed",),
    ),
)
"""What the office does about heads."""
