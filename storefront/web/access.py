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

_ROOMS: dict[Access, dict[str, str]] = {
    Access.SHARED: {
        "about": "about buying earlier privacy results terms",
        "catalog": "cards category collection collections facilities facility home product shelf suggestions",
        "checkout": "regions villages_of",
        "events": "index show",
        "machines": "manifest product_feed robots sitemap sitemap_part",
        "shipping": "quote",
    },
    Access.PUBLIC: {
        "accounts": "choose_password confirm forgot register sign_in sign_out",
        "aftersales": "agree disagree new photo send_back show withdraw write",
        "cart": "accept add change code show",
        "checkout": "again order pay proof qris_code show status submit track",
        "complaints": "file filed show",
        "documents": "receipt",
        "events": "short",
        "orders": "review thank",
        "own_order": "account cancel",
        "style": "gallery states",
        "wishlist": "change show",
    },
    Access.MACHINE: {
        "events": "calendar qr_code",
        "guide": "picture",
        "health": "healthz readyz",
        "media": "file",
        "payments": "midtrans stripe",
    },
    Access.HALF: {
        "accounts": "first_factor recovery_step second_step",
    },
    Access.SIGNED_IN: {
        "accounts": "account change_name change_password end_other_sessions end_session",
    },
    Access.STAFF: {
        "accounts": "begin_factor drop_factor factor recovery_codes set_factor",
        "guide": "beginning chapter index",
        "staff_letters": "choose",
        "waiting_photos": "show",
    },
    Access.FACILITY: {
        "aftersales_staff": "accept come_back finish hand_over index offer photo receive show write",
        "assisted_staff": "add change count_cash drop index open_draft show submit take_cash",
        "bulk_edits": "index look save",
        "catalog_staff": (
            "add add_licence add_photos archive changes copy describe discard_changes drop_licence "
            "drop_photo drop_form drop_typed edit index judge_photo keep_as_typed keep_edit keep_photo "
            "licence_scan licences move_photo new photos_waiting price reframe renew_changes restart restore "
            "save_options save_variants scan_licence submit submit_changes undo_change unsubmit "
            "unsubmit_changes withdraw"
        ),
        "documents_staff": "papers",
        "exports": "index orders products stock template",
        "facility_desk": "home",
        "funding_staff": "report table",
        "imports": "cancel columns index resume run show status wrong",
        "inventory_staff": (
            "add_room block_batch carry give_out index limit rename_room rooms slow take_in variant "
            "write_count"
        ),
        "making": "capacity index",
        "notices_staff": "heard read",
        "opinions": "answer hand_over_batch index notes",
        "orders_staff": "hand_over index many message move scan ship show waybills",
        "parcel_changes": "cannot_make merge show split",
        "pauses": "close index pause product reopen resume resume_one",
        "promotions_staff": "edit end index new",
        "revenue_staff": "own own_table",
        "rounds": "areas close drop_round reopen save_round",
    },
    Access.HEAD: {
        "catalog_staff": "take_down",
        "orders_staff": "words",
        "own_people": "close end_session index invite renew_link reopen show sign_out withdraw",
        "settings": "boxes counter index new_box page propose save_box withdraw",
    },
    Access.REGIONAL: {
        "acts_office": "download index",
        "aftersales_office": "come_back decide finish index photo reject show write",
        "assisted_office": "add change count_cash drop index open_draft show submit take_cash",
        "bank_office": "decide facility index",
        "categories_office": "delete edit index shift",
        "complaints_office": "answer close index show",
        "couriers": "links save",
        "curation": (
            "approve approve_many ask change changes feature index judge_photo_office photos_waiting_office "
            "publish publish_many published send_back send_change_back show take_down_office"
        ),
        "documents_office": "receipt send",
        "facilities_office": "add_workshop change_workshop cover edit index new remove_workshop",
        "money": "cancel cases check confirm decide order orders proof refund_sent reject transfer transfers",
        "notices_office": "index new show withdraw",
        "office_desk": "facilities given_up_jobs home settings",
        "opinions_office": "approve index keep_back notes publish reject",
        "order_changes": "cancel destination order refund write_destination",
        "pages_office": "approve index send_back show",
        "people_office": (
            "change_role disable enable end_session end_sessions index invite place renew_link "
            "reset_factor show withdraw"
        ),
        "permits_office": "delete_rule index rules scan",
        "rates": "download index upload",
        "recalls": "index show",
        "revenue_office": "everybody everybody_table",
        "synonyms_office": "delete edit index",
        "texts_office": "history index version write",
        "words_office": "forget index",
    },
    Access.PROMOTER: {
        "events_office": "add arrange edit index kit new poster products publish qr_code withdraw",
        "promoter": "home",
    },
    Access.BUYER: {
        "accounts": (
            "addresses change_email confirm_email default_address delete_address edit_address new_address"
        ),
        "buyers": "erase export orders",
    },
    Access.OFFICE: {
        "collections_office": "add arrange change_tag delete edit index new products shift show tag tags",
        "funding_office": "report table",
        "promoter": "result result_csv result_xlsx",
        "promotions_office": "edit end index new",
    },
}
"""Each kind of room: a blueprint, and the doors of it that lie there."""

ACCESS: dict[str, Access] = {"static": Access.MACHINE} | {
    f"{room}.{door}": access
    for access, rooms in _ROOMS.items()
    for room, doors in rooms.items()
    for door in doors.split()
}


def access_of(endpoint: str | None) -> Access | None:
    """The row of an endpoint, or None when the table has none."""
    return ACCESS.get(endpoint or "")


def may_enter(endpoint: str, role: str) -> bool:
    """Is the room of this endpoint open to somebody signed in with this role?"""
    access = access_of(endpoint)
    return access is not None and (access not in _ROLES or role in _ROLES[access])


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
