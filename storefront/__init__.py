"""The shop. `create_app` is the only place that knows every feature."""

from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config
from storefront import cli
from storefront.about import views as about_views
from storefront.accounts import models as _accounts  # noqa: F401  (tables must be known to migrations)
from storefront.accounts import views as accounts_views
from storefront.aftersales import models as _aftersales  # noqa: F401
from storefront.aftersales import staff_views as aftersales_staff
from storefront.aftersales import views as aftersales_views
from storefront.assisted import staff_views as assisted_views
from storefront.bulk import models as _bulk  # noqa: F401
from storefront.bulk import staff_views as bulk_views
from storefront.buyers import views as buyers_views
from storefront.cart import models as _cart  # noqa: F401
from storefront.cart import views as cart_views
from storefront.catalog import models as _catalog  # noqa: F401
from storefront.catalog import staff_views as catalog_staff
from storefront.catalog import views as catalog_views
from storefront.checkout import views as checkout_views
from storefront.core import gallery, mail
from storefront.core.db import db
from storefront.core.regions import models as _regions  # noqa: F401
from storefront.core.storage import make_storage
from storefront.desk import staff_views as desk_views
from storefront.documents import staff_views as documents_staff
from storefront.documents import views as documents_views
from storefront.events import models as _events  # noqa: F401
from storefront.events import queries as events_queries
from storefront.events import staff_views as events_staff
from storefront.events import views as events_views
from storefront.facilities import models as _facilities  # noqa: F401
from storefront.facilities.staff_views import bank as facilities_bank
from storefront.facilities.staff_views import pages as facilities_pages
from storefront.facilities.staff_views import people as facilities_people
from storefront.facilities.staff_views import units as facilities_units
from storefront.feedback import models as _feedback  # noqa: F401
from storefront.feedback import staff_views as feedback_staff
from storefront.feedback import views as complaint_views
from storefront.inventory import models as _inventory  # noqa: F401
from storefront.notices import models as _notices  # noqa: F401
from storefront.notices import staff_views as notices_staff
from storefront.orders import models as _orders  # noqa: F401
from storefront.orders import staff_views as orders_staff
from storefront.orders import views as orders_views
from storefront.payments import models as _payments  # noqa: F401
from storefront.payments import staff_views as money_desk
from storefront.payments import views as payments_views
from storefront.promotions import models as _promotions  # noqa: F401
from storefront.promotions import staff_views as promotions_views
from storefront.revenue import models as _revenue  # noqa: F401
from storefront.revenue import staff_views as revenue_views
from storefront.shipping import models as _shipping  # noqa: F401
from storefront.shipping import staff_views as rates_office
from storefront.shipping import views as shipping_views
from storefront.texts import models as _texts  # noqa: F401
from storefront.texts import staff_views as texts_office
from storefront.web import (
    access,
    assets,
    errors,
    forgery,
    formats,
    headers,
    languages,
    limits,
    menus,
    meta,
    nothing,
    pages,
    requestlog,
    squeeze,
    style,
)
from storefront.web import views as web_views
from storefront.wishlist import models as _wishlist  # noqa: F401
from storefront.wishlist import views as wishlist_views

ROOT = Path(__file__).resolve().parent.parent
migrate = Migrate(directory=str(ROOT / "migrations"), compare_type=True)


class Shop(Flask):
    """Flask, with undefined template names as errors."""

    jinja_options = {
        "undefined": StrictUndefined,
        "autoescape": True,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }


def create_app(config: Config | None = None) -> Flask:
    """Build the shop from its settings. Raises MissingSetting when they are not enough."""
    config = config or Config.from_env()
    app = Shop(
        __name__,
        template_folder=str(ROOT / "templates"),
        static_folder=None,
        instance_path=str(config.INSTANCE_DIR.resolve()),
    )
    app.config.update(config.to_flask())
    app.config["PROPAGATE_BUGS"] = app.testing or app.debug
    pages.init_app(app)  # the innermost middleware: it has to know address and language
    if config.PROXY_HOPS:
        hops = config.PROXY_HOPS
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    languages.init_app(app)
    nothing.init_app(app)
    _connect(app, config)
    _protect(app)
    _open_rooms(app)
    cli.register(app)
    return app


def _connect(app: Flask, config: Config) -> None:
    """Database, files, mail: what the shop stands on."""
    config.INSTANCE_DIR.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    migrate.init_app(app, db)
    app.extensions["storage"] = make_storage(config.media_root, config.MEDIA_URL)
    app.extensions["mailer"] = _mailer(config)
    app.jinja_env.globals.update(
        media=gallery.address,
        srcset=gallery.srcset,
        jpeg_of=gallery.jpeg_of,
        largest_of=gallery.largest_of,
        shop_name=config.SHOP_NAME,
    )


def _mailer(config: Config) -> mail.Mailer:
    if not config.MAIL_SERVER:
        return mail.FileMailer(config.INSTANCE_DIR / "mail")
    return mail.SmtpMailer(config.MAIL_SERVER, config.MAIL_PORT, config.MAIL_USERNAME, config.MAIL_PASSWORD)


def _protect(app: Flask) -> None:
    """What every request passes, in this order."""
    requestlog.init_app(app)
    squeeze.init_app(app)
    limits.init_app(app)
    forgery.init_app(app)
    assets.init_app(app)
    formats.init_app(app)
    menus.init_app(app)
    meta.init_app(app)
    errors.init_app(app)
    headers.init_app(app)


def _open_rooms(app: Flask) -> None:
    """Every feature's routes."""
    blueprints: list[Any] = [web_views.health, web_views.media]
    blueprints += about_views.BLUEPRINTS
    blueprints += [events_views.bp, events_staff.bp, desk_views.promoter]
    blueprints += [facilities_units.bp, facilities_people.bp, facilities_bank.bp, facilities_pages.bp]
    blueprints += [catalog_views.bp, *catalog_staff.BLUEPRINTS]
    blueprints += [*revenue_views.BLUEPRINTS, *promotions_views.BLUEPRINTS, *desk_views.FUNDING]
    blueprints += [cart_views.bp, checkout_views.bp, wishlist_views.bp, buyers_views.bp]
    blueprints += [*payments_views.BLUEPRINTS]
    blueprints += [orders_views.bp, complaint_views.bp, *feedback_staff.BLUEPRINTS]
    blueprints += [orders_staff.bp, money_desk.bp, rates_office.bp, shipping_views.bp]
    blueprints += [rates_office.couriers, rates_office.rounds]
    blueprints += [assisted_views.staff, assisted_views.office, desk_views.own_people]
    blueprints += [documents_views.bp, documents_staff.facility, documents_staff.office]
    blueprints += [desk_views.facility, desk_views.making, desk_views.office, desk_views.acts]
    blueprints += [*desk_views.CHANGES, desk_views.guide, desk_views.recalls, desk_views.settings]
    blueprints += [aftersales_views.bp, *aftersales_staff.BLUEPRINTS, *bulk_views.BLUEPRINTS]
    blueprints += [*notices_staff.BLUEPRINTS, texts_office.bp]
    if app.config["ENV"] == "development":
        blueprints.append(style.bp)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    # The pages of the catalogue stand below fairs, and show them all the same.
    app.extensions.update(running_fair=events_queries.running_fair, fairs_with=events_queries.fairs_with)
    accounts_views.init_app(app, (wishlist_views.bring_along, buyers_views.bring_orders))
    access.init_app(app)
