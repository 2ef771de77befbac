"""Uses of promotions: held with the order, used with its money, given back when nothing comes of it.

Nobody reads, decides and writes: one guarded UPDATE takes a use, and who comes second takes none. The
rows of promotions are always taken in the order of their ids, and before any stock.
"""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import ColumnElement, delete, or_, select, update

from storefront.core import clock
from storefront.core.db import db, for_update, insert_once
from storefront.core.errors import DomainError
from storefront.core.language import _, lazy
from storefront.promotions.models import NEXT_USE, Promotion, PromotionPerson, PromotionUse, UseState
from storefront.promotions.queries.offers import is_live


class OfferGone(DomainError):
    """A promotion that the buyer counted on cannot be had any more: over, or used up at this moment."""

    default = lazy("Promosi ini tidak berlaku lagi.")


@dataclass(frozen=True)
class Person:
    """Who uses a promotion, as keys that say nothing about them. `other` is '' without an e-mail address."""

    key: str
    other: str = ""

    @property
    def keys(self) -> list[str]:
        """In the order in which their rows are taken."""
        return sorted({self.key, self.other} - {""})


def person_of(phone: str, email: str = "") -> Person:
    """The keys of a buyer: keyed hashes of the telephone number and the e-mail address.

    `phone` as '+62…', `email` in lower case, both as orders keep them. They are hashed with SECRET_KEY, so
    a stolen table does not tell who bought, and with a new key everybody counts anew.
    """
    return Person(_key("phone", phone), _key("email", email.strip().lower()) if email.strip() else "")


def take(order_id: int, amounts: Mapping[int, int], person: Person) -> None:
    """Hold one use of each promotion (id → rupiah that it takes off) for an order, in its transaction.

    Raises OfferGone when one is over or used up; then the caller's transaction leaves nothing behind.
    """
    moment = clock.now()
    for promotion_id in sorted(amounts):
        _count_up(promotion_id, person.keys, is_live(clock.today()))
        db.session.add(
            PromotionUse(
                promotion_id=promotion_id, order_id=order_id, person_key=person.key, other_key=person.other,
                amount=amounts[promotion_id], state=UseState.HELD, held_at=moment, changed_at=moment,
            )
        )  # fmt: skip


def confirm(order_id: int) -> None:
    """The order's money is there: what it held is used. The caller holds the order's row."""
    for use in _uses(order_id, UseState.HELD):
        _move(use, UseState.USED)


def give_back(order_id: int) -> None:
    """Nothing comes of the order: its uses are free again. A repeat changes nothing.

    The caller holds the order's row, and no stock yet.
    """
    for use in _uses(order_id, UseState.HELD, UseState.USED):
        _move(use, UseState.RELEASED)
        db.session.execute(
            update(Promotion).where(Promotion.id == use.promotion_id).values(used=Promotion.used - 1)
        )
        _count_down(use)


def take_again(order_id: int) -> None:
    """Late money revives an expired order: take its uses once more, and at once as used.

    The buyer was promised this price, so a promotion that has ended since still holds; a limit does not
    give way. Raises OfferGone: then the money has to go back, or somebody has to be asked.
    """
    for use in _uses(order_id, UseState.RELEASED):
        person = Person(use.person_key, use.other_key)
        _count_up(use.promotion_id, person.keys)
        _move(use, UseState.USED)


def forget_people(order_ids: Collection[int]) -> None:
    """Somebody's data goes: the uses of these orders stay, without a key that could tell whose they were."""
    uses = select(PromotionUse).where(PromotionUse.order_id.in_(order_ids), PromotionUse.person_key != "")
    for use in db.session.scalars(for_update(uses.order_by(PromotionUse.promotion_id))):
        if use.state is not UseState.RELEASED:
            _count_down(use)
        use.person_key = use.other_key = ""
    db.session.flush()
    db.session.execute(delete(PromotionPerson).where(PromotionPerson.used == 0))


# --- pieces -------------------------------------------------------------------------------------------


def _key(kind: str, contact: str) -> str:
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.new(secret, f"promotion:{kind}:{contact}".encode(), hashlib.sha256).hexdigest()


def _count_up(promotion_id: int, keys: Iterable[str], *conditions: ColumnElement[bool]) -> None:
    """Take a use if there is one left, for everybody and for this person. Raises OfferGone."""
    within = or_(Promotion.total_limit.is_(None), Promotion.used < Promotion.total_limit)
    taken = db.session.execute(
        update(Promotion)
        .where(Promotion.id == promotion_id, within, *conditions)
        .values(used=Promotion.used + 1)
        .returning(Promotion.name, Promotion.person_limit)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is None:
        name = db.session.scalar(select(Promotion.name).filter_by(id=promotion_id)) or ""
        raise OfferGone(
            _("%(offer)s baru saja berakhir atau habis kuotanya. Periksa totalnya lagi.", offer=name)
        )
    if taken.person_limit is None:
        return
    for key in keys:
        insert_once(PromotionPerson, promotion_id=promotion_id, key=key, used=0, most=taken.person_limit)
        counted = db.session.execute(
            update(PromotionPerson)
            .where(
                PromotionPerson.promotion_id == promotion_id,
                PromotionPerson.key == key,
                PromotionPerson.used < PromotionPerson.most,
            )
            .values(used=PromotionPerson.used + 1)
            .returning(PromotionPerson.used)
            .execution_options(synchronize_session=False)
        ).one_or_none()
        if counted is None:
            words = _("%(offer)s sudah dipakai sebanyak yang dibolehkan untuk satu orang.", offer=taken.name)
            raise OfferGone(words)


def _count_down(use: PromotionUse) -> None:
    """This person has one use less."""
    db.session.execute(
        update(PromotionPerson)
        .where(
            PromotionPerson.promotion_id == use.promotion_id,
            PromotionPerson.key.in_({use.person_key, use.other_key}),
        )
        .values(used=PromotionPerson.used - 1)
    )


def _uses(order_id: int, *states: UseState) -> list[PromotionUse]:
    return list(
        db.session.scalars(
            for_update(
                select(PromotionUse)
                .where(PromotionUse.order_id == order_id, PromotionUse.state.in_(states))
                .order_by(PromotionUse.promotion_id)
            )
        )
    )


def _move(use: PromotionUse, state: UseState) -> None:
    if state not in NEXT_USE[use.state]:
        raise RuntimeError(f"a use cannot become {state} from {use.state}")
    use.state, use.changed_at = state, clock.now()
