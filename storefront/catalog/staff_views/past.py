"""What happened to a product, for the pages that show it below everything else."""

from dataclasses import replace

from flask import request

from storefront.catalog.queries import changes, curation
from storefront.web.fields import row_key
from storefront.web.pagination import Stretch


def decisions_of(product_id: int, at: str) -> Stretch:
    """How it got to where it is, from the place that the address asks for; `at`: the page's own address."""
    before = row_key(request.args.get("riwayat", ""))
    return replace(curation.decisions(product_id, before), at=at, name="riwayat", spot="#riwayat-judul")


def steps_of(product_id: int, at: str) -> Stretch:
    """The same of the steps of its changes."""
    before = row_key(request.args.get("usulan", ""))
    return replace(changes.history(product_id, before), at=at, name="usulan", spot="#riwayat-usulan-judul")
