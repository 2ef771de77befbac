"""QRIS on our own page: the merchant's printed code, with this order's amount and number put in.

Made here, without anybody's network, and therefore without proof: officers confirm the money, two of them.
Where an acquirer's aggregator takes QRIS too, its code is offered instead.
"""

from storefront.core import clock, qris
from storefront.core.language import _
from storefront.facilities.models import MerchantAccount
from storefront.facilities.queries import account_for
from storefront.orders.models import Order
from storefront.payments.models import PaymentAttempt
from storefront.payments.providers import Bill, Kind, Method, Started
from storefront.payments.providers.by_hand import PATIENCE, ByHand


class Qris(ByHand):
    """A dynamic code made of the static code of the account in force."""

    name = "qris"
    kind = Kind.CODE

    def methods(self, bill: Bill) -> list[Method]:
        """Offered up to the limit of a single payment, where an account with a code is in force."""
        if bill.total > qris.LIMIT or self.account(bill) is None:
            return []
        hint = _("Pindai dari aplikasi bank atau dompet digital apa pun. Tanpa biaya tambahan.")
        return [Method("qris", self.name, _("QRIS"), hint, _("Bayar dengan QRIS"), PATIENCE)]

    def account(self, bill: Bill) -> MerchantAccount | None:
        """The facility's own account when the whole bill is its, else the office's."""
        return account_for(bill.facility_ids, clock.today(), qris=True)

    def start(self, attempt: PaymentAttempt, order: Order, *, back: str) -> Started:  # noqa: ARG002
        """The text of the code. The same attempt always gives the same code."""
        account = attempt.account
        if account is None:
            raise RuntimeError("an attempt by QRIS has an account")
        reference = order.number[: qris.REFERENCE]
        return Started(None, code=qris.dynamic(account.qris_payload, attempt.amount, reference))
