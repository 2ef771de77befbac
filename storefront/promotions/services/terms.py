"""The terms of promotions: who may set them, what they may say, and what stays once one was used."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.exc import IntegrityError

from storefront.accounts.models import Role, User
from storefront.catalog.models import Category, Collection, Product
from storefront.core import auditlog, clock
from storefront.core.db import db, for_update, locked
from storefront.core.errors import DomainError, Forbidden, Invalid, NotFound
from storefront.core.language import _, lazy
from storefront.core.money import MAX_RUPIAH
from storefront.core.transactions import transaction
from storefront.facilities.models import Facility
from storefront.promotions.models import Funder, Promotion, PromotionKind, PromotionScope, PromotionUse
from storefront.promotions.queries.offers import FAIRS

MAX_USES = 1_000_000
TWICE = timedelta(minutes=10)
"""So soon nobody means two promotions that say the same: they would both be taken off."""

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{2,22}[A-Z0-9]")
PERCENTS = {PromotionKind.PERCENT, PromotionKind.FAIR_PRICE, PromotionKind.BUNDLE}
FREE_TO_CHANGE = {"name", "ends_on", "total_limit"}
"""What may change after somebody has used it: none of it alters what anybody was promised."""


class AlreadyUsed(DomainError):
    """Somebody bought on these terms; they stay as they are."""

    default = lazy(
        "Promosi ini sudah dipakai. Nilai dan syaratnya tidak dapat diubah lagi; akhiri, lalu buat yang baru."
    )


@dataclass(frozen=True)
class Author:
    """Who works on promotions: the office, the promoter, or somebody of a facility."""

    id: int
    role: Role
    facility_id: int | None = None

    @property
    def realm(self) -> ColumnElement[bool]:
        """The promotions that they see: all, what their own house pays, or what their facility pays."""
        if self.role is Role.REGIONAL:
            return true()
        if self.role is Role.PROMOTER:
            return Promotion.funder == Funder.PEMPROV
        return Promotion.facility_id == self.facility_id

    @property
    def may_change(self) -> bool:
        """May they make and end promotions? Of a facility only its head."""
        return self.role in (Role.REGIONAL, Role.PROMOTER, Role.FACILITY_HEAD)

    def may_fund(self, funder: Funder, facility_id: int | None) -> bool:
        """May they spend this house's money?"""
        if self.role is Role.REGIONAL:
            return True
        if self.role is Role.PROMOTER:
            return funder is Funder.PEMPROV
        return funder is Funder.FACILITY and facility_id == self.facility_id is not None


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a promotion says. `value` is per cent or rupiah by its kind; days are WIB, both included.

    `scope_id` is the product, category, facility, collection or fair that `scope` speaks of.
    """

    name: str
    kind: PromotionKind
    value: int
    starts_on: date
    funder: Funder
    code: str = ""
    pieces: int | None = None
    minimum: int = 0
    maximum: int | None = None
    ends_on: date | None = None
    scope: PromotionScope = PromotionScope.EVERYTHING
    scope_id: int | None = None
    total_limit: int | None = None
    person_limit: int | None = None
    facility_id: int | None = None


def normal_code(typed: str) -> str:
    """A code as it is kept: capitals, without blanks. 'banten 10' -> 'BANTEN10'."""
    return re.sub(r"\s+", "", typed).upper()


def create_promotion(terms: Terms, author: Author) -> int:
    """Write down a promotion; it counts from its first day on. Returns its id. Raises Invalid, Forbidden.

    The same terms of the same author within TWICE are a button pressed twice, and give the same one.
    """
    _require(author, terms)
    cleaned = _checked(terms)
    try:
        with transaction():
            standing = _just_written(cleaned, author)
            if standing is not None:
                return standing
            promotion = Promotion(
                **_columns(cleaned), used=0, created_by_id=author.id, created_at=clock.now()
            )
            db.session.add(promotion)
            db.session.flush()
            _log("promotion.created", promotion, author)
            return promotion.id
    except IntegrityError:
        raise _code_taken(cleaned.code) from None


def change_promotion(promotion_id: int, terms: Terms, author: Author) -> None:
    """Change what a promotion says; once it was used, only its name, last day and total limit.

    Raises NotFound for a promotion outside the author's realm, Forbidden, Invalid, AlreadyUsed.
    """
    try:
        with transaction():
            promotion = _own(promotion_id, author)
            _require(author, terms)
            if promotion.ended_at is not None:
                raise DomainError(_("Promosi ini sudah diakhiri."))
            wanted = _columns(_checked(terms))
            changed = {name for name, value in wanted.items() if getattr(promotion, name) != value}
            if changed - FREE_TO_CHANGE and _was_used(promotion_id):
                raise AlreadyUsed
            if terms.total_limit is not None and terms.total_limit < promotion.used:
                words = _("Sudah dipakai %(n)s kali; batasnya tidak boleh di bawah itu.", n=promotion.used)
                raise Invalid({"total_limit": words})
            for name in changed:
                setattr(promotion, name, wanted[name])
            if changed:
                _log("promotion.changed", promotion, author)
    except IntegrityError:
        raise _code_taken(terms.code) from None


def end_promotion(promotion_id: int, author: Author) -> None:
    """End a promotion now, for good; what it was used for stays. A repeat changes nothing.

    Raises NotFound for a promotion outside the author's realm, Forbidden.
    """
    with transaction():
        promotion = _own(promotion_id, author)
        if not author.may_change:
            raise Forbidden
        if promotion.ended_at is None:
            promotion.ended_at, promotion.ended_by_id = clock.now(), author.id
            _log("promotion.ended", promotion, author)


# --- pieces -------------------------------------------------------------------------------------------


def _own(promotion_id: int, author: Author) -> Promotion:
    statement = select(Promotion).where(Promotion.id == promotion_id, author.realm)
    promotion = db.session.scalar(for_update(statement))
    if promotion is None:
        raise NotFound
    return promotion


def _just_written(terms: Terms, author: Author) -> int | None:
    """The promotion of these terms that this author wrote down a moment ago; their row is locked."""
    locked(User, author.id)
    mine = select(Promotion.id).filter_by(created_by_id=author.id, ended_at=None, **_columns(terms))
    return db.session.scalar(mine.where(Promotion.created_at > clock.now() - TWICE).limit(1))


def _was_used(promotion_id: int) -> bool:
    """Did an order ever hold it? Also one that came to nothing: its page still says what was promised."""
    asked = select(PromotionUse.id).where(PromotionUse.promotion_id == promotion_id).limit(1)
    return db.session.scalar(asked) is not None


def _require(author: Author, terms: Terms) -> None:
    if not author.may_change or not author.may_fund(terms.funder, terms.facility_id):
        raise Forbidden


def _checked(terms: Terms) -> Terms:
    """The terms without stray blanks. Raises Invalid naming every field that is wrong."""
    cleaned = replace(terms, name=terms.name.strip(), code=normal_code(terms.code))
    if cleaned.kind is PromotionKind.FREE_SHIPPING:
        cleaned = replace(cleaned, value=0)
    if cleaned.kind is not PromotionKind.BUNDLE:
        cleaned = replace(cleaned, pieces=None)
    if cleaned.funder is not Funder.FACILITY:
        cleaned = replace(cleaned, facility_id=None)
    errors = _sum_errors(cleaned) | _limit_errors(cleaned) | _scope_errors(cleaned)
    if not 3 <= len(cleaned.name) <= 80:
        errors["name"] = _("Tulis nama yang akan dibaca pembeli (3–80 huruf).")
    if cleaned.code and not _CODE.fullmatch(cleaned.code):
        errors["code"] = _("Kode terdiri dari 4–24 huruf, angka, atau tanda hubung, tanpa spasi.")
    if cleaned.funder is Funder.FACILITY and cleaned.facility_id is None:
        errors["facility_id"] = _("Pilih Lapas yang menanggungnya.")
    if errors:
        raise Invalid(errors)
    return cleaned


def _sum_errors(terms: Terms) -> dict[str, str]:
    errors = {}
    if terms.kind in PERCENTS and not 1 <= terms.value <= 100:
        errors["percent"] = _("Tulis persennya, antara 1 dan 100.")
    if terms.kind is PromotionKind.AMOUNT and not 1 <= terms.value <= MAX_RUPIAH:
        errors["amount"] = _("Tulis potongannya dalam rupiah.")
    if terms.kind is PromotionKind.BUNDLE and not 2 <= (terms.pieces or 0) <= 999:
        errors["pieces"] = _("Tulis mulai berapa barang, antara 2 dan 999.")
    if not 0 <= terms.minimum <= MAX_RUPIAH:
        errors["minimum"] = _("Tulis jumlah dalam rupiah.")
    if terms.maximum is not None and not 1 <= terms.maximum <= MAX_RUPIAH:
        errors["maximum"] = _("Tulis jumlah dalam rupiah, atau kosongkan.")
    return errors


def _limit_errors(terms: Terms) -> dict[str, str]:
    errors = {}
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        errors["ends_on"] = _("Hari terakhir tidak boleh sebelum hari pertama.")
    if terms.total_limit is not None and not 1 <= terms.total_limit <= MAX_USES:
        errors["total_limit"] = _("Tulis berapa kali, atau kosongkan bila tidak dibatasi.")
    if terms.person_limit is not None and not 1 <= terms.person_limit <= MAX_USES:
        errors["person_limit"] = _("Tulis berapa kali, atau kosongkan bila tidak dibatasi.")
    return errors


def _scope_errors(terms: Terms) -> dict[str, str]:
    """What it speaks of must be there; a facility gives nothing off the goods of another one."""
    if terms.kind is PromotionKind.FAIR_PRICE:
        if terms.scope is not PromotionScope.FAIR:
            return {"scope": _("Harga pameran berlaku untuk satu acara. Pilih acaranya.")}
        if terms.code:
            return {"code": _("Harga pameran berlaku tanpa kode. Kosongkan kodenya.")}
    if terms.scope is PromotionScope.EVERYTHING:
        return {}
    known = _owner_of(terms.scope, terms.scope_id)
    if known is None:
        return {terms.scope.value: _("Pilih salah satu dari daftar.")}
    strange = terms.funder is Funder.FACILITY and known[0] not in (None, terms.facility_id)
    if strange:
        return {terms.scope.value: _("Lapas hanya dapat memberi potongan untuk barangnya sendiri.")}
    return {}


def _owner_of(scope: PromotionScope, key: int | None) -> tuple[int | None] | None:
    """The facility that a thing belongs to (None: nobody's), in a tuple; None when it is not there."""
    owners = {
        PromotionScope.PRODUCT: select(Product.facility_id).where(Product.id == key),
        PromotionScope.CATEGORY: select(db.literal(None)).where(Category.id == key),
        PromotionScope.FACILITY: select(Facility.id).where(Facility.id == key),
        PromotionScope.COLLECTION: select(db.literal(None)).where(Collection.id == key),
        PromotionScope.FAIR: select(db.literal(None)).where(FAIRS.c.id == key),
    }
    row = db.session.execute(owners[scope]).one_or_none()
    return None if row is None else (row[0],)


def _columns(terms: Terms) -> dict[str, object]:
    """The row's values: the scope's id goes into the column that is meant for it."""
    columns = {
        PromotionScope.PRODUCT: "product_id",
        PromotionScope.CATEGORY: "category_id",
        PromotionScope.FACILITY: "scope_facility_id",
        PromotionScope.COLLECTION: "collection_id",
        PromotionScope.FAIR: "fair_id",
    }
    values: dict[str, object] = {**vars(terms), "code": terms.code or None}
    del values["scope_id"]
    scopes = {column: terms.scope_id if scope is terms.scope else None for scope, column in columns.items()}
    return values | scopes


def _code_taken(code: str) -> Invalid:
    return Invalid({"code": _("Kode %(code)s sudah ada. Pilih kode lain.", code=code)})


def _log(action: str, promotion: Promotion, author: Author) -> None:
    auditlog.write(
        action, "promotion", promotion.id, actor_id=author.id, facility_id=promotion.facility_id,
        name=promotion.name, code=promotion.code, kind=promotion.kind, value=promotion.value,
        funder=promotion.funder, starts_on=promotion.starts_on, ends_on=promotion.ends_on,
        total_limit=promotion.total_limit, person_limit=promotion.person_limit,
    )  # fmt: skip
