"""Where an order's parcels go, set right by the office before one of them goes out again."""

from storefront.core import auditlog
from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.orders.models import Order
from storefront.orders.services.life import Actor, record

MAX_STREET, MAX_LANDMARK = 300, 120


def correct_address(order: Order, *, street: str, landmark: str, actor: Actor) -> None:
    """Write the street and what to look for anew, in the same district: another one costs another postage.

    The caller holds the order's row. What it was is not kept: it is the buyer's. Raises Invalid.
    """
    street, landmark = " ".join(street.split()), " ".join(landmark.split())
    if not 5 <= len(street) <= MAX_STREET:
        words = _("Tulis alamat lengkapnya, 5–%(n)s huruf.", n=MAX_STREET)
        raise Invalid({"street": words})
    if len(landmark) > MAX_LANDMARK:
        raise Invalid({"landmark": _("Paling panjang %(n)s huruf.", n=MAX_LANDMARK)})
    before = (str(order.address.get(name) or "") for name in ("street", "landmark"))
    if [street, landmark] == [" ".join(words.split()) for words in before]:
        return
    order.address = order.address | {"street": street, "landmark": landmark}
    record(order, "address", actor=actor)
    auditlog.write("order.address_corrected", "order", order.number, actor_id=actor.id)
