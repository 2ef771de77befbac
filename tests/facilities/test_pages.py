"""What a facility says in public waits for the office; nothing of it is seen before."""

import pytest

from storefront.core.db import db as database
from storefront.core.db import locked
from storefront.core.errors import Invalid, NotFound
from storefront.core.gallery import file_names, is_hidden
from storefront.core.models import Picture
from storefront.core.storage import storage
from storefront.core.transactions import transaction
from storefront.facilities.models import Facility, PageChange, PageChangeStatus
from storefront.facilities.queries import last_page_change, waiting_page_count
from storefront.facilities.services import set_cover
from storefront.facilities.services.pages import (
    Bench,
    Overtaken,
    SamePerson,
    approve_page,
    propose_page,
    return_page,
    withdraw_page,
)
from tests import factories
from tests.catalog.conftest import jpeg

STORY = "Bengkel kami membuat mebel dari kayu jati."


@pytest.fixture
def lapas(db):
    return factories.facility("LPA")


@pytest.fixture
def head(lapas):
    return factories.user("facility_head", facility=lapas).id


@pytest.fixture
def office(db):
    return factories.user().id


def benches(lapas) -> list[Bench]:
    return [Bench(room.id, room.name, room.craft) for room in fresh(lapas).workshops]


def fresh(lapas) -> Facility:
    database.session.expire_all()
    return database.session.get_one(Facility, lapas.id)


def change_of(lapas) -> PageChange:
    database.session.expire_all()
    change = last_page_change(lapas.id)
    assert change is not None
    return change


def test_words_and_workshops_are_shown_once_the_office_agrees(lapas, head, office):
    rooms = benches(lapas)
    named = [
        Bench(rooms[0].id, "Bengkel Jati", "Meja dan kursi"),
        *rooms[1:],
        Bench(None, "Bengkel Rotan", ""),
    ]
    assert propose_page(lapas.id, STORY, named, by_id=head)
    assert (fresh(lapas).story, waiting_page_count()) == ("", 1)
    change = change_of(lapas)
    approve_page(change.id, seen=change.changed_at, by_id=office)
    after = fresh(lapas)
    assert after.story == STORY
    assert [room.name for room in after.workshops] == [
        "Bengkel Jati",
        *[r.name for r in rooms[1:]],
        "Bengkel Rotan",
    ]
    assert (change_of(lapas).status, waiting_page_count()) == (PageChangeStatus.APPROVED, 0)
    with pytest.raises(Overtaken):
        approve_page(change.id, seen=change_of(lapas).changed_at, by_id=office)


def test_a_cover_is_private_until_then_and_the_old_one_is_gone_after(lapas, head, office):
    set_cover(lapas.id, jpeg("#113355"), "Kayu")
    old = file_names(fresh(lapas).cover)
    propose_page(lapas.id, "", benches(lapas), photo=jpeg("#aa3355"), alt="Meja jati", by_id=head)
    change = change_of(lapas)
    hidden = file_names(change.cover)
    assert is_hidden(change.cover)
    assert [storage().exists(name) for name in (hidden[0], old[0])] == [True, True]
    approve_page(change.id, seen=change.changed_at, by_id=office)
    cover = fresh(lapas).cover
    assert (cover.alt, is_hidden(cover)) == ("Meja jati", False)
    assert storage().exists(file_names(cover)[0])
    assert not any(storage().exists(name) for name in (*hidden, *old))


def test_what_is_sent_back_or_withdrawn_leaves_no_photo(lapas, head, office):
    for end in ("back", "withdrawn"):
        propose_page(lapas.id, STORY, benches(lapas), photo=jpeg(), alt="Meja", by_id=head)
        change = change_of(lapas)
        files = file_names(change.cover)
        if end == "back":
            with pytest.raises(Invalid):
                return_page(change.id, " ", seen=change.changed_at, by_id=office)
            return_page(change.id, "Terlihat gembok", seen=change.changed_at, by_id=office)
            assert change_of(lapas).comment == "Terlihat gembok"
        else:
            withdraw_page(lapas.id, by_id=head)
            withdraw_page(lapas.id, by_id=head)
        assert not any(storage().exists(name) for name in files)
        assert database.session.query(Picture).count() == 0
        assert (fresh(lapas).story, fresh(lapas).cover) == ("", None)


def test_writing_anew_is_one_proposal_and_the_office_looks_again(lapas, head, office):
    propose_page(lapas.id, STORY, benches(lapas), photo=jpeg(), alt="Meja", by_id=head)
    first = change_of(lapas)
    seen = first.changed_at
    propose_page(lapas.id, STORY + " Juga rotan.", benches(lapas), by_id=head)
    again = change_of(lapas)
    assert (again.id, again.cover is not None, waiting_page_count()) == (first.id, True, 1)
    for decide in (approve_page, lambda key, **kw: return_page(key, "Alasan", **kw)):
        with pytest.raises(Overtaken):
            decide(again.id, seen=seen, by_id=office)
    withdraw_page(lapas.id, by_id=head)
    assert not propose_page(lapas.id, "", benches(lapas), by_id=head)  # just as it stands


def test_nobody_decides_about_own_words_or_over_a_page_that_moved(lapas, head, office):
    propose_page(lapas.id, STORY, benches(lapas), by_id=head)
    change = change_of(lapas)
    with pytest.raises(SamePerson):
        approve_page(change.id, seen=change.changed_at, by_id=head)
    with transaction():
        locked(Facility, lapas.id).story = "Kanwil menulisnya sendiri"
    with pytest.raises(Overtaken):
        approve_page(change.id, seen=change_of(lapas).changed_at, by_id=office)
    assert fresh(lapas).story == "Kanwil menulisnya sendiri"


def test_senseless_words_are_refused(lapas, head):
    foreign = factories.facility("LPB").workshops[0].id
    with pytest.raises(NotFound):
        propose_page(lapas.id, STORY, [Bench(foreign, "Milik orang", "")], by_id=head)
    room = benches(lapas)[0]
    with pytest.raises(Invalid):
        propose_page(lapas.id, STORY, [room, Bench(None, room.name.upper(), "")], by_id=head)
    with pytest.raises(Invalid):
        propose_page(lapas.id, STORY, benches(lapas), photo=jpeg(), alt=" ", by_id=head)
    with pytest.raises(Invalid):
        propose_page(lapas.id, STORY, benches(lapas), photo=b"<svg/>", alt="Meja", by_id=head)
    assert waiting_page_count() == 0
