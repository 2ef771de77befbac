"""Addresses of letters, signed: whoever holds one was sent it. Nothing secret is stored for them.

A link is good as long as the row that it names is there; using it removes the row.
"""

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from storefront.core.errors import NotFound
from storefront.core.language import _


def signed(kind: str, row_id: int) -> str:
    """The token of a row's link; `kind` keeps links of different purposes apart."""
    return str(_signer(kind).dumps(row_id))


def row_of(kind: str, token: str) -> int:
    """The row that a token names. Raises NotFound for anything that this shop did not sign."""
    try:
        row_id = _signer(kind).loads(token[:200])
    except BadData:
        row_id = None
    if not isinstance(row_id, int):
        raise NotFound(_("Tautan ini tidak lengkap. Salin seluruhnya dari surat kami."))
    return row_id


def _signer(kind: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"accounts.{kind}")
