"""The buyer's receipt, behind the address of their order."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from storefront.documents.queries.receipt import invoice_of
from storefront.documents.services import receipt_chat, receipt_file
from storefront.orders.models import Order
from storefront.orders.queries import by_token
from storefront.web.limits import limiter

bp = Blueprint("documents", __name__)
bp.add_app_template_global(receipt_chat)


@bp.get("/pesanan/<token>/nota.pdf")
@limiter.limit("30 per minute")
def receipt(token: str) -> ResponseReturnValue:
    """The receipt of a paid order, in the language of the page that it was asked from."""
    return nota_file(by_token(token))


def nota_file(order: Order) -> Response:
    """The receipt of an order as a file. Raises NotFound for one that was never paid."""
    file = receipt_file(order, invoice_of(order.id))()
    return pdf_file(file.body, file.name.removesuffix(".pdf"))


def pdf_file(body: bytes, name: str) -> Response:
    """A PDF to look at or keep; no cache may."""
    return Response(
        body,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"},
    )
