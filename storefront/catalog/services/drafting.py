"""Forms for a new product, kept as somebody types: nothing is lost, nothing overwritten unseen.

A draft holds what was typed word for word, readable or not, and the photos that arrived. It belongs to the
facility: a colleague may finish it. Sending the form makes a product of it, and the draft is gone.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from storefront.catalog.models import DraftPicture, ProductDraft
from storefront.core import clock
from storefront.core.db import db, for_update, locked
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.language import _
from storefront.core.models import Job, JobState
from storefront.core.transactions import transaction
from storefront.facilities.models import Facility

MOST_DRAFTS = 40
SENT = "catalog.form_sent"
"""The key of a job that is done already remembers which pages were sent."""
OF_PRODUCTS = "produk:"
"""How the keys of drafts begin that are of a product, see `unsent`; no page gives such a key out."""
IS_OF_PRODUCT = ProductDraft.key.startswith(OF_PRODUCTS)
LONGEST = 8_000
"""Characters of one draft, all fields together; five times what a good form holds."""


class Newer(DomainError):
    """Somebody saved the draft meanwhile; `draft` is how it stands now."""

    def __init__(self, draft: ProductDraft) -> None:
        self.draft_id, self.revision = draft.id, draft.revision
        who = draft.updated_by.name if draft.updated_by else _("Orang lain")
        at = clock.local(draft.updated_at).strftime("%H.%M")
        super().__init__(
            _(
                "%(who)s menyimpan formulir ini dari layar lain pukul %(at)s WIB."
                " Yang Anda ketik belum menggantikannya.",
                who=who,
                at=at,
            )
        )


def keep_draft(
    facility_id: int,
    actor_id: int | None,
    typed: Mapping[str, str],
    picture_ids: Sequence[int],
    *,
    key: str,
    draft_id: int | None = None,
    revision: int = 0,
) -> ProductDraft:
    """Keep what is typed so far. Without `draft_id` the draft of this `key` is begun, or found again.

    `revision`: the one that the screen shows. Raises Newer when another screen saved since, NotFound for a
    draft that is not the facility's or was sent already, Invalid when there is too much of it.
    """
    check_length(typed)
    behind = (key, draft_id, revision)
    try:
        return _keep(facility_id, actor_id, typed, picture_ids, behind)
    except IntegrityError:  # the same page, twice in one moment: the other one began it
        return _keep(facility_id, actor_id, typed, picture_ids, behind)


def check_length(typed: Mapping[str, str]) -> None:
    """Raise Invalid for more than a draft holds."""
    if sum(map(len, typed.values())) > LONGEST:
        raise Invalid({"": _("Terlalu panjang untuk disimpan sementara. Persingkat dulu.")})


def _keep(
    facility_id: int,
    actor_id: int | None,
    typed: Mapping[str, str],
    picture_ids: Sequence[int],
    behind: tuple[str, int | None, int],
) -> ProductDraft:
    key, draft_id, revision = behind
    with transaction():
        draft = _wanted(facility_id, key, draft_id)
        if draft is None:
            draft = _begin(facility_id, key)
        elif _is_newer(draft, actor_id, draft_id, revision) and draft.typed != dict(typed):
            raise Newer(draft)
        else:
            draft.revision += 1
        draft.typed, draft.updated_at, draft.updated_by_id = dict(typed), clock.now(), actor_id
        db.session.flush()
        _hold(draft.id, picture_ids)
    return draft


def own_draft(facility_id: int, draft_id: int, *, lock: bool = False) -> ProductDraft:
    """A draft of this facility for a new product. Raises NotFound for anybody else's."""
    wanted = select(ProductDraft).where(
        ProductDraft.id == draft_id,
        ProductDraft.facility_id == facility_id,
        ~IS_OF_PRODUCT,
    )
    draft = db.session.scalar(for_update(wanted) if lock else wanted)
    if draft is None:
        raise NotFound
    return draft


def take_draft(facility_id: int, key: str, draft_id: int | None, revision: int) -> None:
    """Let a draft go because its form was sent; without `draft_id` the one of this key, if it was begun.

    Call it inside the transaction that makes the product. Raises Newer when another screen saved since,
    NotFound when it was sent already, or the same page was.
    """
    _mark_as_sent(facility_id, key)
    if draft_id is None:
        draft = db.session.scalar(
            for_update(select(ProductDraft).filter_by(key=key, facility_id=facility_id))
        )
    else:
        draft = own_draft(facility_id, draft_id, lock=True)
        if draft.revision != revision:
            raise Newer(draft)
    if draft is not None:
        _delete(draft)


def _mark_as_sent(facility_id: int, key: str) -> None:
    """A page makes one product, however often its button is pressed. Raises NotFound the second time."""
    locked(Facility, facility_id)  # the second press waits here for the first
    name = f"{SENT}:{facility_id}:{key}"
    if db.session.scalar(select(Job.id).filter_by(key=name)) is not None:
        raise NotFound
    moment = clock.now()
    db.session.add(
        Job(
            kind=SENT, key=name, payload={}, state=JobState.DONE, run_at=moment, created_at=moment, attempts=0
        )
    )


def drop_draft(facility_id: int, draft_id: int) -> None:
    """Throw a draft away; its photos go with the next clearing. Raises NotFound."""
    with transaction():
        _delete(own_draft(facility_id, draft_id, lock=True))


def _delete(draft: ProductDraft) -> None:
    db.session.execute(delete(DraftPicture).filter_by(draft_id=draft.id))
    db.session.delete(draft)
    db.session.flush()


def _is_newer(draft: ProductDraft, actor_id: int | None, draft_id: int | None, revision: int) -> bool:
    """Did another screen save? One that never heard its draft's id can only be behind somebody else."""
    return draft.updated_by_id != actor_id if draft_id is None else draft.revision != revision


def _wanted(facility_id: int, key: str, draft_id: int | None) -> ProductDraft | None:
    if draft_id is not None:
        return own_draft(facility_id, draft_id, lock=True)
    draft = db.session.scalar(for_update(select(ProductDraft).filter_by(key=key)))
    if draft is not None and draft.facility_id != facility_id:
        raise NotFound
    return draft


def _begin(facility_id: int, key: str) -> ProductDraft:
    there = db.session.scalar(
        select(func.count())
        .select_from(ProductDraft)
        .where(ProductDraft.facility_id == facility_id, ~IS_OF_PRODUCT)
    )
    if (there or 0) >= MOST_DRAFTS:
        raise Invalid(
            {
                "": _(
                    "Sudah ada %(most)s formulir yang belum selesai. Selesaikan atau buang dulu.",
                    most=MOST_DRAFTS,
                )
            }
        )
    moment = clock.now()
    draft = ProductDraft(
        facility_id=facility_id, key=key, revision=1, typed={}, created_at=moment, updated_at=moment
    )
    db.session.add(draft)
    return draft


def _hold(draft_id: int, picture_ids: Sequence[int]) -> None:
    """These pictures wait in the draft, and no others, in this order."""
    db.session.execute(delete(DraftPicture).filter_by(draft_id=draft_id))
    db.session.flush()
    for position, picture_id in enumerate(dict.fromkeys(picture_ids)):
        held = db.session.get(DraftPicture, picture_id)
        if held is None:
            db.session.add(DraftPicture(picture_id=picture_id, draft_id=draft_id, position=position))
