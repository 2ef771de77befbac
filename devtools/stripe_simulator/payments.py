"""What happens to sessions and their money: open, pay, decline, settle late, expire, refund."""

from __future__ import annotations

from typing import Any

from devtools.simulators_common.faults import Faults
from devtools.simulators_common.store import Store
from devtools.stripe_simulator import objects, rules
from devtools.stripe_simulator.cards import Card
from devtools.stripe_simulator.errors import ApiError, ParameterError, missing_object
from devtools.stripe_simulator.webhooks import Webhooks

Json = dict[str, Any]

SESSION, INTENT, CHARGE, REFUND = "checkout.session", "payment_intent", "charge", "refund"
_NAMES = {SESSION: "checkout.session", INTENT: "payment_intent", CHARGE: "charge", REFUND: "refund"}


class NotOpen(Exception):
    """The session is complete or expired; nothing more can be paid on it."""


class Payments:
    """Every change of money. All methods are atomic under the store's lock and emit their events in order."""

    def __init__(self, store: Store, webhooks: Webhooks, faults: Faults) -> None:
        self._store, self._webhooks, self._faults = store, webhooks, faults

    def find(self, kind: str, object_id: str, param: str = "id") -> Json:
        """The record of this id. Raises the API's 404."""
        record = self._store.get(kind, object_id)
        if record is None:
            raise missing_object(_NAMES.get(kind, kind), object_id, param)
        return record

    def open_session(self, params: Json, pay_url: str) -> Json:
        """A new session; `pay_url` is what its id is appended to."""
        with self._store.lock:
            session = rules.build_session(params, int(self._store.now()))
            session["url"] = pay_url + session["id"]
            return self._store.save(session)

    def expire(self, session_id: str, request: Json | None = None) -> Json:
        """End an open session. Raises ApiError if it is not open any more."""
        with self._store.lock:
            self.sweep()
            session = self.find(SESSION, session_id)
            if session["status"] != "open":
                message = (
                    'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session '
                    f"has a status of {session['status']}."
                )
                raise ApiError(400, message)
            return self._expire(session, request)

    def _expire(self, session: Json, request: Json | None) -> Json:
        session.update(status="expired", url=None)
        self._store.save(session)
        intent = self._store.get(INTENT, session["payment_intent"] or "")
        if intent and intent["status"] != "succeeded":
            intent.update(status="canceled", cancellation_reason="abandoned", next_action=None)
            intent["canceled_at"] = int(self._store.now())
            self._store.save(intent)
            self._webhooks.emit("payment_intent.canceled", intent, request)
        self._webhooks.emit("checkout.session.expired", session, request)
        return session

    def sweep(self) -> int:
        """Expire the open sessions whose time has come; returns how many."""
        with self._store.lock:
            now = self._store.now()
            due = [s for s in self._store.all(SESSION) if s["status"] == "open" and s["expires_at"] <= now]
            for session in due:
                self._expire(session, None)
            return len(due)

    def _open(self, session_id: str) -> Json:
        self.sweep()
        session = self.find(SESSION, session_id)
        if session["status"] != "open":
            raise NotOpen(session["status"])
        return session

    def pay(self, session_id: str, card: Card, *, confirmed: bool = False, email: str | None = None) -> Json:
        """Try a card on an open session; returns the session: complete if it paid, else still open.

        A card that asks for confirmation leaves the session open until it comes back `confirmed`.
        Raises NotOpen.
        """
        with self._store.lock:
            session = self._open(session_id)
            self._note_buyer(session, email)
            intent = self._intent(session)
            if card.decline_code:
                self._decline(session, intent, card)
            elif card.asks_confirmation and not confirmed:
                intent.update(status="requires_action", next_action={"type": "use_stripe_sdk"})
                session["_three_ds_card"] = card.number
                self._store.save(intent)
                self._store.save(session)
                self._webhooks.emit("payment_intent.requires_action", intent)
            else:
                self._succeed(intent, card.last4)
                self._complete(session, "paid")
            return session

    def refuse_confirmation(self, session_id: str) -> Json:
        """The buyer's bank did not confirm: a decline. Raises NotOpen."""
        message = "Konfirmasi bank gagal. Coba lagi atau pakai kartu lain."
        code = "payment_intent_authentication_failure"
        with self._store.lock:
            session = self._open(session_id)
            number = session["_three_ds_card"] or "0000"
            self._decline(
                session, self._intent(session), Card(number, "", code, "authentication_required", message)
            )
            return session

    def pay_later(self, session_id: str, email: str | None = None) -> Json:
        """Choose a delayed method: the session completes, the money does not come yet. Raises NotOpen."""
        with self._store.lock:
            session = self._open(session_id)
            self._note_buyer(session, email)
            intent = self._intent(session)
            intent.update(status="processing", payment_method=objects.new_id("pm"))
            self._store.save(intent)
            self._webhooks.emit("payment_intent.processing", intent)
            self._complete(session, "unpaid")
            return session

    def settle_late(self, session_id: str, *, succeeded: bool) -> Json:
        """The delayed money arrives, or never will. Raises ApiError unless it is awaited."""
        with self._store.lock:
            session = self.find(SESSION, session_id)
            intent = self._store.get(INTENT, session["payment_intent"] or "")
            if intent is None or intent["status"] != "processing":
                raise ApiError(400, "No delayed payment is awaited for this Checkout Session.")
            if succeeded:
                self._succeed(intent, None)
                session["payment_status"] = "paid"
                self._store.save(session)
            else:
                self._fail(
                    intent, Card("0000", "", "payment_intent_payment_attempt_failed", None, "Not paid.")
                )
            outcome = "succeeded" if succeeded else "failed"
            self._webhooks.emit(f"checkout.session.async_payment_{outcome}", session)
            return session

    @staticmethod
    def _note_buyer(session: Json, email: str | None) -> None:
        email = session["customer_email"] or email or None
        session["customer_details"] = {"email": email, "name": None, "phone": None, "address": None}

    def _intent(self, session: Json) -> Json:
        """The session's payment, made at the first try as the API does since 2022."""
        if session["payment_intent"]:
            return self.find(INTENT, session["payment_intent"])
        intent = self._store.save(objects.payment_intent(session, int(self._store.now())))
        session["payment_intent"] = intent["id"]
        self._store.save(session)
        self._webhooks.emit("payment_intent.created", intent)
        return intent

    def _succeed(self, intent: Json, last4: str | None) -> None:
        intent["payment_method"] = intent["payment_method"] or objects.new_id("pm")
        charge = objects.charge(intent, created=int(self._store.now()), last4=last4, failure=None)
        intent.update(
            status="succeeded",
            latest_charge=charge["id"],
            amount_received=intent["amount"],
            last_payment_error=None,
            next_action=None,
        )
        self._store.save(charge)
        self._store.save(intent)
        self._webhooks.emit("charge.succeeded", charge)
        self._webhooks.emit("payment_intent.succeeded", intent)

    def _complete(self, session: Json, payment_status: str) -> None:
        session.update(status="complete", payment_status=payment_status, url=None, _three_ds_card=None)
        self._store.save(session)
        self._webhooks.emit("checkout.session.completed", session)

    def _decline(self, session: Json, intent: Json, card: Card) -> None:
        session["_three_ds_card"] = None
        self._store.save(session)
        self._fail(intent, card)

    def _fail(self, intent: Json, card: Card) -> None:
        failure = {"code": card.code, "decline_code": card.decline_code, "message": card.message}
        charge = objects.charge(intent, created=int(self._store.now()), last4=card.last4, failure=failure)
        error = {**failure, "type": "card_error", "charge": charge["id"]}
        intent.update(status="requires_payment_method", last_payment_error=error, next_action=None)
        intent["latest_charge"] = charge["id"]
        self._store.save(charge)
        self._store.save(intent)
        self._webhooks.emit("charge.failed", charge)
        self._webhooks.emit("payment_intent.payment_failed", intent)

    def refund(self, params: Json, request: Json | None = None) -> Json:
        """Give back all or part of a charge. Raises ApiError when more is asked than is left."""
        rules.check_metadata(params.get("metadata"), "metadata")
        with self._store.lock:
            charge = self._charge_to_refund(params)
            amount = self._refundable(charge, params.get("amount"))
            status = "pending" if self._faults.take_pending_refund() else "succeeded"
            now = int(self._store.now())
            refund = objects.refund(charge, amount=amount, created=now, status=status, params=params)
            charge["amount_refunded"] += amount
            charge["refunded"] = charge["amount_refunded"] == charge["amount"]
            self._store.save(charge)
            self._store.save(refund)
            self._webhooks.emit("refund.created", refund, request)
            self._webhooks.emit("charge.refunded", charge, request)
            if status == "succeeded":
                self._give_reference(refund)
            return refund

    def _give_reference(self, refund: Json) -> None:
        """The bank's reference arrives: the one update that every card refund gets."""
        refund["destination_details"]["card"].update(
            reference=refund["id"][-8:], reference_status="available"
        )
        self._store.save(refund)
        self._webhooks.emit("refund.updated", refund)

    def _charge_to_refund(self, params: Json) -> Json:
        if "charge" in params and "payment_intent" in params:
            message = "You may only specify one of these parameters: charge, payment_intent."
            raise ParameterError(message, "payment_intent")
        if "charge" in params:
            charge = self.find(CHARGE, params["charge"], "charge")
        elif "payment_intent" in params:
            intent = self.find(INTENT, params["payment_intent"], "payment_intent")
            charge = self._store.get(CHARGE, intent["latest_charge"] or "") or {}
        else:
            message = (
                "One of the following params should be provided for this request: payment_intent or charge."
            )
            raise ParameterError(message, "payment_intent", "parameter_missing")
        if charge.get("status") != "succeeded":
            what = params.get("payment_intent") or params.get("charge")
            raise ApiError(400, f"{what} does not have a successful charge to refund.")
        return charge

    @staticmethod
    def _refundable(charge: Json, asked: int | None) -> int:
        left: int = charge["amount"] - charge["amount_refunded"]
        if left == 0:
            message = f"Charge {charge['id']} has already been refunded."
            raise ApiError(400, message, code="charge_already_refunded")
        amount = left if asked is None else asked
        if amount <= 0:
            raise ParameterError("Invalid positive integer", "amount", "parameter_invalid_integer")
        if amount > left:
            message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
            raise ApiError(400, message, param="amount")
        return amount

    def settle_refund(self, refund_id: str, *, succeeded: bool) -> Json:
        """A pending refund arrives, or fails and its money comes back to the account."""
        with self._store.lock:
            refund = self.find(REFUND, refund_id)
            if refund["status"] != "pending":
                raise ApiError(400, f"Refund {refund_id} is not pending.")
            refund["status"] = "succeeded" if succeeded else "failed"
            if not succeeded:
                refund["failure_reason"] = "expired_or_canceled_card"
                charge = self.find(CHARGE, refund["charge"])
                charge["amount_refunded"] -= refund["amount"]
                charge["refunded"] = False
                self._store.save(charge)
            self._store.save(refund)
            self._webhooks.emit("refund.updated", refund)
            if not succeeded:
                self._webhooks.emit("refund.failed", refund)
            return refund

    def set_amount(self, session_id: str, amount_total: int) -> Json:
        """Make an open session ask for another sum than its lines add up to, to test the shop's checks."""
        with self._store.lock:
            session = self._open(session_id)
            session["amount_total"] = amount_total
            return self._store.save(session)
