"""What a facility says of itself in public: written there, looked at by the office, then shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storefront.core import auditlog, clock, outbox
from storefront.core.db import db, for_update, locked
from storefront.core.errors import DomainError, Invalid, NotFound, Unavailable
from storefront.core.gallery import drop_picture, public_copies, reveal, store_picture
from storefront.core.language import _, lazy
from storefront.core.models import Picture
from storefront.core.pictures import BadPicture
from storefront.core.transactions import touch, transaction
from storefront.facilities.models import Facility, PageChange, PageChangeStatus, Workshop

LONGEST_STORY = 2000
DECIDED = "facility.page_decided"
"""The job that tells the facility what the office said; its letters are written in `notices`."""


class Overtaken(DomainError):
    """What somebody decides about is not what they looked at."""

    default = lazy("Usulan ini sudah berubah atau sudah diputuskan. Lihat keadaannya sekarang.")


class SamePerson(DomainError):
    """Public words take two people."""

    default = lazy("Usulan sendiri diputuskan oleh orang lain.")


@dataclass(frozen=True)
class Bench:
    """A workshop as it is written: without an id it is new."""

    id: int | None
    name: str
    craft: str


def page_words(facility: Facility) -> dict[str, Any]:
    """What stands on a facility's page now, as a change keeps it."""
    return {
        "story": facility.story,
        "workshops": [{"id": room.id, "name": room.name, "craft": room.craft} for room in facility.workshops],
        "cover": facility.cover_id,
    }


def propose_page(
    facility_id: int, story: str, benches: Sequence[Bench], *, photo: bytes | None = None, alt: str = "",
    by_id: int,
) -> bool:  # fmt: skip
    """Write down how the page should be; the office looks at it. What waits already is written anew.

    False when that is how it is. Call it outside a transaction. Raises Invalid, NotFound for a workshop of
    another facility.
    """
    _check(story, benches)
    if photo is None:
        with transaction():
            return _propose(facility_id, story, benches, None, by_id)
    if not alt.strip():
        raise Invalid({"picture_alt": _("Tulis apa yang terlihat di foto.")})
    results: list[bool] = []

    def attach(picture: Picture) -> None:
        results.append(_propose(facility_id, story, benches, picture, by_id))

    try:
        store_picture(photo, alt, attach, hidden=True)
    except (BadPicture, Unavailable) as error:
        raise Invalid({"picture": str(error)}) from error
    return results[0]


def _propose(
    facility_id: int, story: str, benches: Sequence[Bench], picture: Picture | None, by_id: int
) -> bool:
    facility = locked(Facility, facility_id)
    base = page_words(facility)
    known = {row["id"] for row in base["workshops"]}
    if any(bench.id is not None and bench.id not in known for bench in benches):
        raise NotFound
    words = {"story": story, "workshops": [vars(bench) for bench in benches]}
    change = waiting_change(facility_id, lock=True)
    kept = change.cover if change else None
    if words == {name: base[name] for name in words} and picture is None and kept is None:
        return change is not None and _end(
            change, PageChangeStatus.WITHDRAWN, by_id, "facility.page_withdrawn"
        )
    if change is None:
        change = PageChange(facility_id=facility_id, created_at=clock.now())
        db.session.add(change)
    change.words, change.base, change.created_by_id, change.changed_at = words, base, by_id, clock.now()
    if picture is not None:
        change.cover = picture
        db.session.flush()
        if kept is not None:
            drop_picture(kept)
    db.session.flush()
    _enter("facility.page_proposed", change, by_id, new_photo=picture is not None)
    return True


def withdraw_page(facility_id: int, *, by_id: int) -> None:
    """The facility takes back what waits. A second call changes nothing."""
    with transaction():
        change = waiting_change(facility_id, lock=True)
        if change is not None:
            _end(change, PageChangeStatus.WITHDRAWN, by_id, "facility.page_withdrawn")


def return_page(change_id: int, comment: str, *, seen: datetime, by_id: int) -> None:
    """The office says what to change; nothing of it is shown. Raises Invalid, Overtaken, NotFound."""
    if len(comment.strip()) < 3:
        raise Invalid({"comment": _("Tulis apa yang perlu diperbaiki.")})
    with transaction():
        change = _decidable(change_id, seen, by_id)
        change.comment = comment.strip()
        _end(change, PageChangeStatus.RETURNED, by_id, "facility.page_returned", comment=change.comment)


def approve_page(change_id: int, *, seen: datetime, by_id: int) -> None:
    """The office lets it be shown: words, workshops and cover at once.

    `seen` is the `changed_at` that was looked at. Call it outside a transaction. Raises Overtaken when it, or
    the page itself, changed meanwhile; SamePerson, NotFound, Invalid when two workshops would have one name.
    """
    row = db.session.get(PageChange, change_id)
    if row is None:
        raise NotFound
    pictures = [row.cover] if row.cover and row.status is PageChangeStatus.WAITING else []
    with public_copies(pictures) as copies, transaction():
        change = _decidable(change_id, seen, by_id)
        facility = locked(Facility, change.facility_id)
        if page_words(facility) != change.base:
            raise Overtaken(
                _("Halaman Lapas berubah sejak usulan ini ditulis. Kembalikan agar ditulis ulang.")
            )
        if change.cover is not None:
            if change.cover.id not in copies:
                raise Overtaken
            before, picture = facility.cover, change.cover
            reveal(picture, copies[picture.id])
            facility.cover, change.cover = picture, None
            db.session.flush()
            if before is not None:
                drop_picture(before)
        _write(facility, change.words)
        _end(change, PageChangeStatus.APPROVED, by_id, "facility.page_approved")
        touch("catalog")


def waiting_change(facility_id: int, *, lock: bool = False) -> PageChange | None:
    """The change of a facility's page that waits for the office."""
    wanted = select(PageChange).filter_by(facility_id=facility_id, status=PageChangeStatus.WAITING)
    return db.session.scalar(for_update(wanted) if lock else wanted)


def _write(facility: Facility, words: dict[str, Any]) -> None:
    facility.story = words["story"]
    rooms = {room.id: room for room in facility.workshops}
    last = max((room.position for room in facility.workshops), default=-1)
    for bench in words["workshops"]:
        room = rooms.get(bench["id"]) if bench["id"] is not None else None
        if room is None:
            last += 1
            room = Workshop(facility_id=facility.id, position=last)
            db.session.add(room)
        room.name, room.craft = bench["name"], bench["craft"]
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Invalid({"name": _("Bengkel dengan nama ini sudah ada.")}) from error


def _decidable(change_id: int, seen: datetime, by_id: int) -> PageChange:
    facility_id = db.session.scalar(select(PageChange.facility_id).filter_by(id=change_id))
    if facility_id is None:
        raise NotFound
    locked(Facility, facility_id)
    change = db.session.scalar(for_update(select(PageChange).filter_by(id=change_id)))
    if change is None or change.status is not PageChangeStatus.WAITING or change.changed_at != seen:
        raise Overtaken
    if change.created_by_id == by_id:
        raise SamePerson
    return change


def _end(change: PageChange, status: PageChangeStatus, by_id: int, action: str, **facts: Any) -> bool:
    """Close a change; a photo that was not let in goes."""
    photo, change.cover = change.cover, None
    change.status, change.decided_at, change.decided_by_id = status, clock.now(), by_id
    db.session.flush()
    if photo is not None:
        drop_picture(photo)
    if status is not PageChangeStatus.WITHDRAWN:
        outbox.enqueue(DECIDED, {"change_id": change.id}, key=f"{DECIDED}:{change.id}")
    _enter(action, change, by_id, **facts)
    return True


def _enter(action: str, change: PageChange, by_id: int, **facts: Any) -> None:
    auditlog.write(
        action, "facility", change.facility_id, actor_id=by_id, facility_id=change.facility_id,
        change=change.id, **facts,
    )  # fmt: skip


def _check(story: str, benches: Sequence[Bench]) -> None:
    errors = {}
    if len(story) > LONGEST_STORY:
        errors["story"] = _("Paling panjang %(most)s huruf.", most=LONGEST_STORY)
    names = [bench.name.casefold() for bench in benches]
    if len(set(names)) < len(names):
        errors["name"] = _("Dua bengkel tidak boleh bernama sama.")
    if errors:
        raise Invalid(errors)
