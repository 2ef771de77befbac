"""The accounts that money goes to: one officer proposes a change, another one agrees."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storefront.accounts.models import Role, User
from storefront.core import auditlog, clock, letters, outbox, qris
from storefront.core.db import db, for_update, found, locked
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _, lazy
from storefront.core.taxes import RULES, TaxProfile
from storefront.core.transactions import transaction
from storefront.facilities.models import AccountOwner, AccountStatus, Facility, MerchantAccount

LETTER = "facilities.account_changed"
IN_FORCE = (AccountStatus.STANDING, AccountStatus.APPROVED)


class SamePerson(DomainError):
    """Whoever proposes an account cannot agree to it."""

    default = lazy("Rekening harus disetujui oleh petugas lain, bukan yang mengusulkannya.")


class Decided(DomainError):
    """Another officer was faster."""

    default = lazy("Usulan rekening ini sudah diputuskan. Muat ulang halamannya.")


@dataclass(frozen=True, kw_only=True)
class AccountDetails:
    """A bank account, who owns it, what tax the owner's prices hold, and its printed QRIS code, if any."""

    bank: str
    number: str
    holder: str
    valid_from: date
    owner: AccountOwner = AccountOwner.KOPERASI
    qris_payload: str = ""
    tax: TaxProfile = TaxProfile.NONE


def propose_account(facility_id: int | None, details: AccountDetails, *, by_id: int) -> int:
    """Ask for another account of a facility (None: of the office) from a WIB day on; returns its id.

    Nothing is paid to it before somebody else agrees. Raises NotFound, and Invalid: number not 5–30 digits, a
    day before today or before the newest account's, a QRIS code that is none or not static, or a proposal
    that waits already.
    """
    number, code = _checked(details)
    try:
        return _propose(facility_id, details, number, code, by_id)
    except IntegrityError:  # two officers at the same moment: one proposal waits already
        raise _waiting() from None


def _waiting() -> Invalid:
    return Invalid({"number": _("Masih ada usulan rekening yang menunggu persetujuan.")})


def _propose(
    facility_id: int | None, details: AccountDetails, number: str, code: qris.Code | None, by_id: int
) -> int:
    with transaction():
        if facility_id is not None:
            found(Facility, facility_id)
        for row in _rows(facility_id):
            if row.status is AccountStatus.PROPOSED:
                raise _waiting()
        _refuse_rewriting(facility_id, details.valid_from)
        account = MerchantAccount(
            facility_id=facility_id,
            owner=details.owner,
            bank=details.bank,
            number=number,
            holder=details.holder,
            qris_payload=details.qris_payload.strip(),
            qris_name=code.name if code else "",
            nmid=code.nmid if code else "",
            tax=details.tax,
            valid_from=details.valid_from,
            status=AccountStatus.PROPOSED,
            created_by_id=by_id,
            created_at=clock.now(),
        )
        db.session.add(account)
        db.session.flush()
        _audit("account.proposed", account, by_id)
        return account.id


def approve_account(account_id: int, *, by_id: int) -> None:
    """The second person agrees: from its day on (today at the earliest) money goes there.

    The account before it ends the day before and stays as history. Everybody of the office gets a letter:
    whoever changes this account unseen takes the money. Raises SamePerson, Decided, Invalid or NotFound.
    """
    with transaction():
        account = _proposal(account_id)
        if account.created_by_id == by_id:
            raise SamePerson
        account.valid_from = max(account.valid_from, clock.today())
        _refuse_rewriting(account.facility_id, account.valid_from)
        for earlier in _open(account.facility_id):
            # Of two that start on the same day the newer one counts: a slip can be mended at once.
            earlier.valid_until = max(earlier.valid_from, account.valid_from - timedelta(days=1))
        account.status, account.decided_by_id = AccountStatus.APPROVED, by_id
        account.decided_at = clock.now()
        for user_id in db.session.scalars(select(User.id).filter_by(role=Role.REGIONAL, is_enabled=True)):
            outbox.enqueue(LETTER, {"account_id": account.id, "user_id": user_id})
        _audit("account.changed", account, by_id)


def decline_account(account_id: int, *, by_id: int) -> None:
    """Refuse a proposal, or take one's own back; the row stays. Raises Decided or NotFound."""
    with transaction():
        account = _proposal(account_id)
        account.status, account.decided_at = AccountStatus.DECLINED, clock.now()
        account.decided_by_id = by_id if by_id != account.created_by_id else None
        _audit("account.declined", account, by_id)


def _checked(details: AccountDetails) -> tuple[str, qris.Code | None]:
    """The number in bare digits, and what the QRIS code says. Raises Invalid."""
    number = re.sub(r"[ .-]", "", details.number)
    errors, code = {}, None
    if not re.fullmatch(r"[0-9]{5,30}", number):
        errors["number"] = _("Nomor rekening terdiri dari 5 sampai 30 angka.")
    if details.valid_from < clock.today():
        errors["valid_from"] = _("Tanggal mulai tidak boleh sebelum hari ini.")
    rule = RULES.get(details.tax)
    if rule is not None and details.valid_from < rule.since:
        errors["tax"] = _("Aturan pajak ini belum berlaku pada tanggal mulai.")
    if payload := details.qris_payload.strip():
        try:
            code = qris.read(payload)
        except qris.NotQris as why:
            errors["qris_payload"] = str(why)
        else:
            if not code.static:
                errors["qris_payload"] = _("Ini kode untuk satu pembayaran. Tempel isi QRIS statis.")
            elif len(code.name) > 25:
                errors["qris_payload"] = _("Nama pedagang dalam kodenya terlalu panjang.")
    if errors:
        raise Invalid(errors)
    return number, code


def _rows(facility_id: int | None) -> list[MerchantAccount]:
    """All accounts of a facility or of the office, locked: two who propose at once come one by one."""
    if facility_id is not None:
        locked(Facility, facility_id)
    mine = select(MerchantAccount).filter_by(facility_id=facility_id).order_by(MerchantAccount.id)
    return list(db.session.scalars(for_update(mine)))


def _open(facility_id: int | None) -> list[MerchantAccount]:
    return [row for row in _rows(facility_id) if row.status in IN_FORCE and row.valid_until is None]


def _refuse_rewriting(facility_id: int | None, valid_from: date) -> None:
    if any(earlier.valid_from > valid_from for earlier in _open(facility_id)):
        raise Invalid({"valid_from": _("Rekening terbaru mulai berlaku setelah tanggal ini.")})


def _proposal(account_id: int) -> MerchantAccount:
    facility_id = found(MerchantAccount, account_id).facility_id
    _rows(facility_id)
    account = locked(MerchantAccount, account_id)
    if account.status is not AccountStatus.PROPOSED:
        raise Decided
    return account


def _audit(action: str, account: MerchantAccount, by_id: int) -> None:
    auditlog.write(
        action, "account", account.id, actor_id=by_id, facility_id=account.facility_id, bank=account.bank,
        number=account.number, holder=account.holder, nmid=account.nmid, owner=account.owner,
        valid_from=account.valid_from,
        tax=None if account.tax is TaxProfile.NONE else account.tax,
    )  # fmt: skip


@outbox.handler(LETTER)
def _tell_of_account(payload: dict[str, Any]) -> None:
    user = db.session.get(User, payload["user_id"])
    account = db.session.get(MerchantAccount, payload["account_id"])
    if user is None or account is None:
        return
    people = [account.created_by, account.decided_by]
    letters.post(
        user.email, _("Rekening penerima %(shop)s diganti", shop=current_app.config["SHOP_NAME"]),
        "office_account", link=letters.address("/kanwil/rekening"), name=user.name, account=account,
        taxed=account.tax is not TaxProfile.NONE,
        who=", ".join(person.name for person in people if person) or _("perintah di server"),
    )  # fmt: skip
