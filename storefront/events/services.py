"""Every change of a fair: what it is, who takes part, what it shows, whether the public sees it.

Its code and its address never change after it was made: posters carry them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from storefront.catalog.models import Product
from storefront.catalog.services.collections import require_chosen, require_on_sale
from storefront.core import auditlog, clock
from storefront.core.db import db, locked
from storefront.core.errors import DomainError, Invalid
from storefront.core.gallery import hang_picture, link_preview, with_photo
from storefront.core.language import _
from storefront.core.linkcards import renew_card
from storefront.core.models import Picture
from storefront.core.money import MAX_RUPIAH
from storefront.core.outbox import enqueue, handler
from storefront.core.pictures import LinkCard
from storefront.core.slugs import first_free
from storefront.core.transactions import touch, transaction
from storefront.core.words import STOP_WORDS, tokens
from storefront.events.models import Fair, FairFacility, FairProduct
from storefront.facilities.models import Facility
from storefront.web.formats import date_range

CODE_LENGTH = 16
MAX_PICKS = 60
LONGEST_DAYS = 366
CARD_JOB = "fair.card"
_TRIES = 20


@dataclass(frozen=True, kw_only=True)
class FairDetails:
    """What a promoter writes about a fair. `target` is the turnover hoped for, in rupiah."""

    name: str
    venue: str
    organiser: str
    starts_on: date
    ends_on: date
    story: str = ""
    target: int | None = None


def create_fair(
    details: FairDetails,
    *,
    facility_ids: Iterable[int] = (),
    photo: bytes | None = None,
    photo_alt: str = "",
    by: int | None,
) -> int:
    """Start a fair that nobody sees yet; returns its id. Raises Invalid.

    Its code comes from name and year ('BANTEN-EXPO-26'), its slug from the name; both are unique.
    `photo` is an uploaded file: with one that cannot be read, nothing is stored at all.
    """
    cleaned, wanted = _checked(details), set(facility_ids)

    def change(picture: Picture | None) -> int:
        fair = _insert(cleaned, by)
        fair.picture = picture
        _set_facilities(fair, wanted)
        _enter("created", fair.id, by, name=fair.name, facilities=wanted)
        return fair.id

    return with_photo(change, photo, photo_alt)


def update_fair(
    fair_id: int,
    details: FairDetails,
    *,
    facility_ids: Iterable[int],
    photo: bytes | None = None,
    photo_alt: str = "",
    by: int | None = None,
) -> None:
    """Change what is written about a fair and who takes part. Raises Invalid, NotFound.

    Products of a facility that no longer takes part leave the fair too. Without a new photo the old
    one stays, described by `photo_alt`.
    """
    cleaned, wanted = _checked(details), set(facility_ids)

    def change(picture: Picture | None) -> None:
        fair = locked(Fair, fair_id)
        for name, value in vars(cleaned).items():
            setattr(fair, name, value)
        hang_picture(fair, picture, photo_alt)
        _set_facilities(fair, wanted)
        _enter("changed", fair_id, by, name=fair.name, facilities=wanted, target=fair.target)
        enqueue(CARD_JOB, {"fair_id": fair_id})
        touch("catalog")

    with_photo(change, photo, photo_alt)


def choose_products(fair_id: int, product_ids: Sequence[int], *, by: int | None = None) -> None:
    """Show exactly these products, in this order; their facilities take part from now on.

    Raises Invalid for more than MAX_PICKS or for products that are not on sale, NotFound. One that
    was chosen before and has left the shelf since may stay: it shows again when it returns.
    """
    wanted = list(dict.fromkeys(product_ids))
    with transaction():
        fair = locked(Fair, fair_id)
        before = {pick.product_id for pick in fair.picks}
        require_on_sale([key for key in wanted if key not in before])
        if len(wanted) > MAX_PICKS:
            raise Invalid(
                {"produk": _("Pilih paling banyak %(most)s produk untuk satu acara.", most=MAX_PICKS)}
            )
        db.session.execute(delete(FairProduct).where(FairProduct.fair_id == fair_id))
        db.session.expire(fair, ["picks"])
        db.session.add_all(
            FairProduct(fair_id=fair_id, product_id=key, position=index) for index, key in enumerate(wanted)
        )
        db.session.flush()
        makers = db.session.scalars(select(Product.facility_id).where(Product.id.in_(wanted)))
        _set_facilities(fair, {*makers, *(facility.id for facility in fair.facilities)})
        _enter("products", fair_id, by, products=wanted)
        touch("catalog")


def add_products(fair_id: int, product_ids: Sequence[int], *, by: int | None = None) -> None:
    """Show these products after the ones that were chosen before. Raises Invalid for none too."""
    with transaction():
        fair = locked(Fair, fair_id)
        require_chosen(product_ids)
        choose_products(fair_id, [*(pick.product_id for pick in fair.picks), *product_ids], by=by)


def publish_fair(fair_id: int, *, by: int | None = None) -> None:
    """Open the fair's public page and let its code count. A repeat changes nothing. Raises NotFound."""
    _set_published(fair_id, published=True, by=by)


def unpublish_fair(fair_id: int, *, by: int | None = None) -> None:
    """Close the public page; orders that came through the fair keep it. Raises NotFound."""
    _set_published(fair_id, published=False, by=by)


# --- pieces -------------------------------------------------------------------------------------------


def _enter(action: str, fair_id: int, by: int | None, **facts: Any) -> None:
    auditlog.write(f"fair.{action}", "fair", fair_id, actor_id=by, **facts)


def _set_published(fair_id: int, *, published: bool, by: int | None) -> None:
    with transaction():
        locked(Fair, fair_id).is_published = published
        _enter("published" if published else "hidden", fair_id, by)
        enqueue(CARD_JOB, {"fair_id": fair_id})
        touch("catalog")


def _checked(details: FairDetails) -> FairDetails:
    """The details without stray blanks. Raises Invalid naming every field that is wrong."""
    cleaned = FairDetails(
        name=details.name.strip(),
        venue=details.venue.strip(),
        organiser=details.organiser.strip(),
        starts_on=details.starts_on,
        ends_on=details.ends_on,
        story=details.story.strip(),
        target=details.target,
    )
    errors: dict[str, str] = {}
    limits = {
        "name": (_("Nama acara"), 120),
        "venue": (_("Tempat"), 200),
        "organiser": (_("Penyelenggara"), 120),
    }
    for field, (label, longest) in limits.items():
        text = getattr(cleaned, field)
        if not text:
            errors[field] = _("%(label)s perlu diisi.", label=label)
        elif len(text) > longest:
            errors[field] = _("%(label)s paling panjang %(longest)s huruf.", label=label, longest=longest)
    if cleaned.ends_on < cleaned.starts_on:
        errors["ends_on"] = _("Hari terakhir tidak boleh sebelum hari pertama.")
    elif (cleaned.ends_on - cleaned.starts_on).days >= LONGEST_DAYS:
        errors["ends_on"] = _("Acara paling lama satu tahun.")
    if cleaned.target is not None and not 0 <= cleaned.target <= MAX_RUPIAH:
        errors["target"] = _("Target ini tidak masuk akal. Tulis jumlah dalam rupiah.")
    if errors:
        raise Invalid(errors)
    return cleaned


def _insert(details: FairDetails, by: int | None) -> Fair:
    """Add the row under a free code and slug; two promoters may want the same at once."""
    for _try in range(_TRIES):
        fair = Fair(
            **vars(details),
            code=_free_code(details),
            slug=_free_slug(details),
            created_by_id=by,
            created_at=clock.now(),
        )
        try:
            with db.session.begin_nested():
                db.session.add(fair)
        except IntegrityError:
            continue
        return fair
    raise DomainError(_("Acara ini belum dapat disimpan. Silakan coba lagi."))


def _set_facilities(fair: Fair, facility_ids: Iterable[int]) -> None:
    wanted = set(facility_ids)
    known = set(db.session.scalars(select(Facility.id).where(Facility.id.in_(wanted))))
    if wanted - known:
        raise Invalid({"facilities": _("Salah satu Lapas yang dipilih tidak ada lagi.")})
    db.session.execute(delete(FairFacility).where(FairFacility.fair_id == fair.id))
    db.session.add_all(FairFacility(fair_id=fair.id, facility_id=key) for key in sorted(wanted))
    gone = select(Product.id).where(Product.facility_id.not_in(wanted))
    db.session.execute(
        delete(FairProduct).where(FairProduct.fair_id == fair.id, FairProduct.product_id.in_(gone)),
        execution_options={"synchronize_session": False},
    )
    db.session.flush()
    db.session.expire(fair, ["facilities", "picks"])


# --- the picture beside a shared link -----------------------------------------------------------------


@handler(CARD_JOB)
def make_fair_card(payload: dict[str, Any]) -> None:
    """Draw the card of a fair anew if it shows something else. Running twice does no harm."""
    fair_id = int(payload["fair_id"])
    fair = db.session.get(Fair, fair_id, populate_existing=True)
    if fair is None:
        return
    card = LinkCard(
        title=fair.name,
        detail=date_range(fair.starts_on, fair.ends_on),
        maker=fair.venue,
        shop=current_app.config["SHOP_NAME"],
        photo=link_preview(fair.picture) if fair.picture else "",
    )
    renew_card(Fair, fair_id, fair.card_key, card if fair.is_published else None)


# --- names that posters carry -------------------------------------------------------------------------


def _free_slug(details: FairDetails) -> str:
    year = str(details.starts_on.year)
    words = _ascii_words(details.name) or ["acara"]
    base = "-".join(words if year in words else [*words, year])[:90].strip("-")
    return first_free(base, set(db.session.scalars(select(Fair.slug).where(Fair.slug.startswith(base)))), 100)


def _free_code(details: FairDetails) -> str:
    base = fair_code(details.name, details.starts_on.year)
    return first_free(base, set(db.session.scalars(select(Fair.code))), CODE_LENGTH)


def fair_code(name: str, year: int) -> str:
    """A short code that people can type: as many words of the name as fit, then the year.

    'Banten Expo 2026' -> 'BANTEN-EXPO-26'. Letters A–Z, digits and '-', at most 16 characters.
    """
    tail = f"-{year % 100:02d}"
    words = [w for w in _ascii_words(name) if w not in STOP_WORDS and w != str(year)] or ["acara"]
    room = CODE_LENGTH - len(tail)
    code = words[0][:room]
    for word in words[1:]:
        if len(code) + 1 + len(word) > room:
            break
        code += f"-{word}"
    return (code + tail).upper()


def _ascii_words(text: str) -> list[str]:
    return [word for word in tokens(text) if word.isascii()]
