"""Who may come in: one readable table for every route, checked before the view runs.

A route without a row is refused, and a test fails. What somebody sees *inside* a room is
decided by queries that start at their facility or their order, not here.
"""

from collections.abc import Callable
from enum import Enum

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.core.errors import Forbidden


class Access(Enum):
    """The kinds of rooms."""

    SHARED = "the same page for everybody; caches may keep it"
    PUBLIC = "open to everybody, but personal: never stored by caches"
    MACHINE = "for programs: health checks, signed webhooks, static files"
    HALF = "somebody whose password was right, and who owes the second step"
    SIGNED_IN = "anybody with an account"
    STAFF = "everybody who works here"
    FACILITY = "staff and heads, inside their own facility"
    HEAD = "the head, inside the own facility"
    REGIONAL = "the regional office"
    PROMOTER = "the provincial government"
    BUYER = "buyers, inside their own account"
    OFFICE = "the regional office or the provincial government"


_ROLES: dict[Access, set[str]] = {
    Access.STAFF: {"facility_staff", "facility_head", "regional", "promoter"},
    Access.HEAD: {"facility_head"},
    Access.FACILITY: {"facility_staff", "facility_head"},
    Access.REGIONAL: {"regional"},
    Access.PROMOTER: {"promoter"},
    Access.BUYER: {"buyer"},
    Access.OFFICE: {"regional", "promoter"},
}
_OPEN = {Access.SHARED, Access.PUBLIC, Access.MACHINE}

ACCESS: dict[str, Access] = {
    "static": Access.MACHINE,
    "style.gallery": Access.PUBLIC,
    "style.states": Access.PUBLIC,
    "media.file": Access.MACHINE,
    "health.healthz": Access.MACHINE,
    "health.readyz": Access.MACHINE,
    "cart.show": Access.PUBLIC,
    "cart.add": Access.PUBLIC,
    "cart.change": Access.PUBLIC,
    "cart.accept": Access.PUBLIC,
    "cart.code": Access.PUBLIC,
    "checkout.show": Access.PUBLIC,
    "checkout.submit": Access.PUBLIC,
    "checkout.order": Access.PUBLIC,
    "checkout.status": Access.PUBLIC,
    "checkout.pay": Access.PUBLIC,
    "checkout.qris_code": Access.PUBLIC,
    "checkout.proof": Access.PUBLIC,
    "checkout.track": Access.PUBLIC,
    "checkout.again": Access.PUBLIC,
    "checkout.regions": Access.SHARED,
    "shipping.quote": Access.SHARED,
    "checkout.villages_of": Access.SHARED,
    "orders.review": Access.PUBLIC,
    "orders.thank": Access.PUBLIC,
    "complaints.show": Access.PUBLIC,
    "complaints.file": Access.PUBLIC,
    "complaints.filed": Access.PUBLIC,
    "aftersales.new": Access.PUBLIC,
    "aftersales.show": Access.PUBLIC,
    "aftersales.write": Access.PUBLIC,
    "aftersales.agree": Access.PUBLIC,
    "aftersales.disagree": Access.PUBLIC,
    "aftersales.withdraw": Access.PUBLIC,
    "aftersales.send_back": Access.PUBLIC,
    "aftersales.photo": Access.PUBLIC,
    "aftersales_staff.index": Access.FACILITY,
    "aftersales_staff.come_back": Access.FACILITY,
    "aftersales_staff.show": Access.FACILITY,
    "aftersales_staff.photo": Access.FACILITY,
    "aftersales_staff.accept": Access.FACILITY,
    "aftersales_staff.offer": Access.FACILITY,
    "aftersales_staff.hand_over": Access.FACILITY,
    "aftersales_staff.write": Access.FACILITY,
    "aftersales_staff.receive": Access.FACILITY,
    "aftersales_staff.finish": Access.FACILITY,
    "aftersales_office.index": Access.REGIONAL,
    "aftersales_office.come_back": Access.REGIONAL,
    "aftersales_office.show": Access.REGIONAL,
    "aftersales_office.photo": Access.REGIONAL,
    "aftersales_office.decide": Access.REGIONAL,
    "aftersales_office.reject": Access.REGIONAL,
    "aftersales_office.write": Access.REGIONAL,
    "aftersales_office.finish": Access.REGIONAL,
    "payments.stripe": Access.MACHINE,
    "payments.midtrans": Access.MACHINE,
    "own_order.cancel": Access.PUBLIC,
    "own_order.account": Access.PUBLIC,
    "parcel_changes.show": Access.FACILITY,
    "parcel_changes.cannot_make": Access.FACILITY,
    "parcel_changes.split": Access.FACILITY,
    "parcel_changes.merge": Access.FACILITY,
    "order_changes.order": Access.REGIONAL,
    "order_changes.refund": Access.REGIONAL,
    "order_changes.cancel": Access.REGIONAL,
    "order_changes.destination": Access.REGIONAL,
    "order_changes.write_destination": Access.REGIONAL,
    "orders_staff.index": Access.FACILITY,
    "orders_staff.show": Access.FACILITY,
    "orders_staff.move": Access.FACILITY,
    "orders_staff.ship": Access.FACILITY,
    "orders_staff.hand_over": Access.FACILITY,
    "assisted_staff.index": Access.FACILITY,
    "assisted_staff.open_draft": Access.FACILITY,
    "assisted_staff.show": Access.FACILITY,
    "assisted_staff.submit": Access.FACILITY,
    "assisted_staff.add": Access.FACILITY,
    "assisted_staff.change": Access.FACILITY,
    "assisted_staff.drop": Access.FACILITY,
    "assisted_staff.take_cash": Access.FACILITY,
    "assisted_staff.count_cash": Access.FACILITY,
    "assisted_office.index": Access.REGIONAL,
    "assisted_office.open_draft": Access.REGIONAL,
    "assisted_office.show": Access.REGIONAL,
    "assisted_office.submit": Access.REGIONAL,
    "assisted_office.add": Access.REGIONAL,
    "assisted_office.change": Access.REGIONAL,
    "assisted_office.drop": Access.REGIONAL,
    "assisted_office.take_cash": Access.REGIONAL,
    "assisted_office.count_cash": Access.REGIONAL,
    "facility_desk.home": Access.FACILITY,
    "office_desk.home": Access.REGIONAL,
    "office_desk.given_up_jobs": Access.REGIONAL,
    "acts_office.index": Access.REGIONAL,
    "documents.receipt": Access.PUBLIC,
    "documents_staff.papers": Access.FACILITY,
    "documents_office.receipt": Access.REGIONAL,
    "documents_office.send": Access.REGIONAL,
    "acts_office.download": Access.REGIONAL,
    "money.transfers": Access.REGIONAL,
    "money.transfer": Access.REGIONAL,
    "money.proof": Access.REGIONAL,
    "money.check": Access.REGIONAL,
    "money.confirm": Access.REGIONAL,
    "money.reject": Access.REGIONAL,
    "money.cases": Access.REGIONAL,
    "money.decide": Access.REGIONAL,
    "money.refund_sent": Access.REGIONAL,
    "money.orders": Access.REGIONAL,
    "money.order": Access.REGIONAL,
    "money.cancel": Access.REGIONAL,
    "rates.index": Access.REGIONAL,
    "rates.download": Access.REGIONAL,
    "rates.upload": Access.REGIONAL,
    "couriers.links": Access.REGIONAL,
    "couriers.save": Access.REGIONAL,
    "rounds.areas": Access.FACILITY,
    "rounds.save_round": Access.FACILITY,
    "rounds.drop_round": Access.FACILITY,
    "rounds.close": Access.FACILITY,
    "rounds.reopen": Access.FACILITY,
    "accounts.sign_in": Access.PUBLIC,
    "accounts.sign_out": Access.PUBLIC,
    "accounts.second_step": Access.HALF,
    "accounts.recovery_step": Access.HALF,
    "accounts.first_factor": Access.HALF,
    "accounts.factor": Access.STAFF,
    "accounts.begin_factor": Access.STAFF,
    "accounts.set_factor": Access.STAFF,
    "accounts.recovery_codes": Access.STAFF,
    "accounts.drop_factor": Access.STAFF,
    "accounts.choose_password": Access.PUBLIC,
    "accounts.register": Access.PUBLIC,
    "accounts.confirm": Access.PUBLIC,
    "accounts.forgot": Access.PUBLIC,
    "accounts.change_email": Access.BUYER,
    "accounts.confirm_email": Access.BUYER,
    "accounts.addresses": Access.BUYER,
    "accounts.new_address": Access.BUYER,
    "accounts.edit_address": Access.BUYER,
    "accounts.default_address": Access.BUYER,
    "accounts.delete_address": Access.BUYER,
    "buyers.orders": Access.BUYER,
    "buyers.export": Access.BUYER,
    "buyers.erase": Access.BUYER,
    "wishlist.show": Access.PUBLIC,
    "wishlist.change": Access.PUBLIC,
    "accounts.account": Access.SIGNED_IN,
    "accounts.change_name": Access.SIGNED_IN,
    "accounts.change_password": Access.SIGNED_IN,
    "accounts.end_session": Access.SIGNED_IN,
    "accounts.end_other_sessions": Access.SIGNED_IN,
    "facilities_office.index": Access.REGIONAL,
    "facilities_office.new": Access.REGIONAL,
    "facilities_office.edit": Access.REGIONAL,
    "facilities_office.cover": Access.REGIONAL,
    "facilities_office.add_workshop": Access.REGIONAL,
    "facilities_office.change_workshop": Access.REGIONAL,
    "facilities_office.remove_workshop": Access.REGIONAL,
    "bank_office.index": Access.REGIONAL,
    "bank_office.facility": Access.REGIONAL,
    "bank_office.decide": Access.REGIONAL,
    "events.index": Access.SHARED,
    "events.show": Access.SHARED,
    "events.calendar": Access.MACHINE,
    "events.qr_code": Access.MACHINE,
    "events.short": Access.PUBLIC,
    "events_office.index": Access.PROMOTER,
    "events_office.new": Access.PROMOTER,
    "events_office.edit": Access.PROMOTER,
    "events_office.products": Access.PROMOTER,
    "events_office.arrange": Access.PROMOTER,
    "events_office.add": Access.PROMOTER,
    "events_office.publish": Access.PROMOTER,
    "events_office.withdraw": Access.PROMOTER,
    "events_office.kit": Access.PROMOTER,
    "events_office.poster": Access.PROMOTER,
    "events_office.qr_code": Access.PROMOTER,
    "promoter.home": Access.PROMOTER,
    "promoter.result": Access.OFFICE,
    "promoter.result_csv": Access.OFFICE,
    "promoter.result_xlsx": Access.OFFICE,
    "catalog.home": Access.SHARED,
    "catalog.shelf": Access.SHARED,
    "catalog.category": Access.SHARED,
    "catalog.product": Access.SHARED,
    "catalog.facilities": Access.SHARED,
    "catalog.facility": Access.SHARED,
    "catalog.collections": Access.SHARED,
    "catalog.collection": Access.SHARED,
    "catalog.suggestions": Access.SHARED,
    "catalog.cards": Access.SHARED,
    "collections_office.index": Access.OFFICE,
    "collections_office.new": Access.OFFICE,
    "collections_office.edit": Access.OFFICE,
    "collections_office.products": Access.OFFICE,
    "collections_office.arrange": Access.OFFICE,
    "collections_office.add": Access.OFFICE,
    "collections_office.show": Access.OFFICE,
    "collections_office.shift": Access.OFFICE,
    "collections_office.delete": Access.OFFICE,
    "collections_office.tags": Access.OFFICE,
    "collections_office.tag": Access.OFFICE,
    "collections_office.change_tag": Access.OFFICE,
    "synonyms_office.index": Access.REGIONAL,
    "synonyms_office.edit": Access.REGIONAL,
    "synonyms_office.delete": Access.REGIONAL,
    "about.results": Access.SHARED,
    "about.buying": Access.SHARED,
    "about.about": Access.SHARED,
    "about.privacy": Access.SHARED,
    "about.terms": Access.SHARED,
    "machines.sitemap": Access.SHARED,
    "machines.sitemap_part": Access.SHARED,
    "machines.robots": Access.SHARED,
    "machines.manifest": Access.SHARED,
    "machines.product_feed": Access.SHARED,
    "waiting_photos.show": Access.STAFF,
    "imports.index": Access.FACILITY,
    "imports.show": Access.FACILITY,
    "imports.columns": Access.FACILITY,
    "imports.run": Access.FACILITY,
    "imports.resume": Access.FACILITY,
    "imports.cancel": Access.FACILITY,
    "imports.status": Access.FACILITY,
    "imports.wrong": Access.FACILITY,
    "exports.index": Access.FACILITY,
    "exports.products": Access.FACILITY,
    "exports.stock": Access.FACILITY,
    "exports.orders": Access.FACILITY,
    "exports.template": Access.FACILITY,
    "bulk_edits.index": Access.FACILITY,
    "bulk_edits.look": Access.FACILITY,
    "bulk_edits.save": Access.FACILITY,
    "opinions.index": Access.FACILITY,
    "opinions.answer": Access.FACILITY,
    "opinions.notes": Access.FACILITY,
    "opinions.hand_over_batch": Access.FACILITY,
    "opinions_office.index": Access.REGIONAL,
    "opinions_office.publish": Access.REGIONAL,
    "opinions_office.reject": Access.REGIONAL,
    "opinions_office.notes": Access.REGIONAL,
    "opinions_office.approve": Access.REGIONAL,
    "opinions_office.keep_back": Access.REGIONAL,
    "complaints_office.index": Access.REGIONAL,
    "complaints_office.show": Access.REGIONAL,
    "complaints_office.answer": Access.REGIONAL,
    "complaints_office.close": Access.REGIONAL,
    "revenue_staff.own": Access.FACILITY,
    "revenue_staff.own_table": Access.FACILITY,
    "revenue_office.everybody": Access.REGIONAL,
    "revenue_office.everybody_table": Access.REGIONAL,
    "promotions_office.index": Access.OFFICE,
    "promotions_office.new": Access.OFFICE,
    "promotions_office.edit": Access.OFFICE,
    "promotions_office.end": Access.OFFICE,
    "promotions_staff.index": Access.FACILITY,
    "promotions_staff.new": Access.FACILITY,
    "promotions_staff.edit": Access.FACILITY,
    "promotions_staff.end": Access.FACILITY,
    "funding_office.report": Access.OFFICE,
    "funding_office.table": Access.OFFICE,
    "funding_staff.report": Access.FACILITY,
    "funding_staff.table": Access.FACILITY,
    "recalls.index": Access.REGIONAL,
    "recalls.show": Access.REGIONAL,
    "permits_office.index": Access.REGIONAL,
    "permits_office.scan": Access.REGIONAL,
    "permits_office.rules": Access.REGIONAL,
    "permits_office.delete_rule": Access.REGIONAL,
    "curation.index": Access.REGIONAL,
    "curation.published": Access.REGIONAL,
    "curation.changes": Access.REGIONAL,
    "curation.approve_many": Access.REGIONAL,
    "curation.change": Access.REGIONAL,
    "curation.approve": Access.REGIONAL,
    "curation.send_change_back": Access.REGIONAL,
    "curation.ask": Access.REGIONAL,
    "curation.show": Access.REGIONAL,
    "curation.publish": Access.REGIONAL,
    "curation.send_back": Access.REGIONAL,
    "curation.feature": Access.REGIONAL,
    "categories_office.index": Access.REGIONAL,
    "categories_office.edit": Access.REGIONAL,
    "categories_office.shift": Access.REGIONAL,
    "categories_office.delete": Access.REGIONAL,
}
# The rooms in which a facility works on its goods, all of them its own staff's.
ACCESS |= dict.fromkeys(
    (
        "catalog_staff.add", "catalog_staff.add_licence", "catalog_staff.add_photos",
        "catalog_staff.archive", "catalog_staff.changes", "catalog_staff.describe",
        "catalog_staff.discard_changes", "catalog_staff.drop_licence", "catalog_staff.drop_photo",
        "catalog_staff.edit", "catalog_staff.index", "catalog_staff.licence_scan",
        "catalog_staff.licences", "catalog_staff.move_photo", "catalog_staff.new",
        "catalog_staff.renew_changes", "catalog_staff.restart", "catalog_staff.restore",
        "catalog_staff.save_options", "catalog_staff.save_variants", "catalog_staff.scan_licence",
        "catalog_staff.submit", "catalog_staff.submit_changes", "catalog_staff.undo_change",
        "catalog_staff.unsubmit", "catalog_staff.unsubmit_changes", "catalog_staff.withdraw",
        "inventory_staff.add_room", "inventory_staff.block_batch", "inventory_staff.carry",
        "inventory_staff.give_out", "inventory_staff.index", "inventory_staff.limit",
        "inventory_staff.rename_room", "inventory_staff.rooms", "inventory_staff.slow",
        "inventory_staff.take_in", "inventory_staff.variant", "inventory_staff.write_count",
        "making.capacity", "making.index", "pauses.close", "pauses.index", "pauses.pause",
        "pauses.product", "pauses.reopen", "pauses.resume", "pauses.resume_one",
    ),
    Access.FACILITY,
)  # fmt: skip

ACCESS |= dict.fromkeys(
    (f"people_office.{door}" for door in ("index", "invite", "show", "renew_link", "place", "change_role",
                                          "disable", "enable", "end_sessions", "reset_factor")),
    Access.REGIONAL,
)  # fmt: skip
ACCESS |= dict.fromkeys(
    (f"own_people.{door}" for door in ("index", "invite", "show", "renew_link", "withdraw", "close", "reopen",
                                       "sign_out")),
    Access.HEAD,
)  # fmt: skip


def access_of(endpoint: str | None) -> Access | None:
    """The row of an endpoint, or None when the table has none."""
    return ACCESS.get(endpoint or "")


def guard() -> Response | None:
    """Refuse, ask to sign in, or let pass. Runs before every view."""
    if request.endpoint is None:  # no such page: the 404 handler answers
        return None
    access = access_of(request.endpoint)
    if access is None:
        current_app.logger.error("endpoint %s has no row in the access table", request.endpoint)
        abort(404)
    if access in _OPEN:
        return None
    if access is Access.HALF:
        is_waiting: Callable[[], bool] = current_app.extensions["is_waiting"]
        return None if is_waiting() else redirect(url_for("accounts.sign_in", lanjut="/"), 303)
    if not current_user.is_authenticated:
        return redirect(url_for("accounts.sign_in", lanjut=_way_back()), 303)
    if access in _ROLES and current_user.role not in _ROLES[access]:
        raise Forbidden
    return None


def _way_back() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def init_app(app: Flask) -> None:
    """Install the guard."""
    app.before_request(guard)
