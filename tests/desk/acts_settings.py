"""What a head sets up, and what the office says of it."""

import hashlib
from typing import Any

from sqlalchemy import select

from storefront.core.db import db
from storefront.facilities.models import Facility, PageChange
from storefront.facilities.services.packaging import BoxDetails, add_box
from storefront.facilities.services.pages import Bench, propose_page
from tests import factories
from tests.desk.acts_step import Step

_ROOM = "/petugas/pengaturan"
_BOX = {"name": "Dus besar", "length_cm": "30", "width_cm": "20", "height_cm": "10", "weight": "150 g"}


def _page(ids: dict[str, Any]) -> dict[str, Any]:
    facility = db.session.get_one(Facility, ids["facility"])
    rooms = {f"bengkel{room.id}-name": room.name for room in facility.workshops}
    return {"story": "Kami membuat mebel dari jati."} | rooms


def _box(prefix: str, **more: str) -> dict[str, str]:
    return {f"{prefix}{name}": value for name, value in (_BOX | more).items()}


def settings_ids(facility_id: int) -> dict[str, int]:
    """A box of the facility, and two proposals of others that wait for the office."""
    made = {
        "box": add_box(facility_id, BoxDetails(name="Kecil", length_cm=9, width_cm=9, height_cm=9, weight=9))
    }
    for name in ("page", "page_back"):
        place = factories.facility()
        writer = factories.user("facility_head", facility=place).id
        rooms = [Bench(room.id, room.name, "Kayu") for room in place.workshops]
        propose_page(place.id, "Cerita", rooms, by_id=writer)
        made[name] = db.session.scalars(select(PageChange.id).filter_by(facility_id=place.id)).one()
    return made


def _seen(name: str) -> Any:
    def body(ids: dict[str, Any]) -> dict[str, str]:
        change = db.session.get_one(PageChange, ids[name])
        return {"seen": change.changed_at.isoformat(), "comment": "Tambahkan bahannya"}

    return body


SETTINGS = (
    Step("settings.propose", f"{_ROOM}/halaman", _page, ("facility.page_proposed",)),
    Step("settings.withdraw", f"{_ROOM}/halaman/tarik", {}, ("facility.page_withdrawn",)),
    Step(
        "settings.counter",
        f"{_ROOM}/loket",
        {"pickup_hours": "Senin", "contact_phone": "081200001111"},
        ("facility.counter",),
    ),
    Step("settings.new_box", f"{_ROOM}/kemasan", _box("baru-"), ("packaging.added",)),
    Step(
        "settings.save_box",
        f"{_ROOM}/kemasan/{{box}}",
        lambda ids: _box(f"k{ids['box']}-", name="Sedang"),
        ("packaging.changed",),
    ),
)
_TEXT = {"title": "Tentang", "body": "> Toko kami.", "reason": "Uji coba", "base": "0", "langkah": "terbit"}


def _text(_ids: dict[str, Any]) -> dict[str, str]:
    mark = hashlib.sha256(b"Tentang\n> Toko kami.\nNone").hexdigest()[:32]
    return _TEXT | {"looked_at": mark}


PAGES = (
    Step("texts_office.write", "/kanwil/halaman/tentang/id/tulis", _text, ("text.published",)),
    Step(
        "pages_office.approve", "/kanwil/lapas/usulan/{page}/setujui", _seen("page"),
        ("facility.page_approved",),
    ),
    Step(
        "pages_office.send_back", "/kanwil/lapas/usulan/{page_back}/kembalikan", _seen("page_back"),
        ("facility.page_returned",),
    ),
)  # fmt: skip
