"""django-oscar as its documentation sets it up, with made-up products. Runs in the peer's environment only.

`python -m bench.peers.oscar_site 100` makes tables and so many products; `application` serves them.
"""

import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from oscar import INSTALLED_APPS
from oscar import defaults as oscar_defaults

FOLDER = Path(os.environ["PEER_FOLDER"])
PER_PAGE = 24
CONTEXT = [
    "django.template.context_processors.debug",
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.template.context_processors.i18n",
    "django.template.context_processors.media",
    "django.template.context_processors.static",
    "django.contrib.messages.context_processors.messages",
    "oscar.apps.search.context_processors.search_form",
    "oscar.apps.checkout.context_processors.checkout",
    "oscar.apps.communication.notifications.context_processors.notifications",
    "oscar.core.context_processors.metadata",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
]
LOADERS = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]


def configure() -> None:
    """Give Django its settings: production's, with cached templates, SQLite and an in-memory cache."""
    own = {name: getattr(oscar_defaults, name) for name in dir(oscar_defaults) if name.startswith("OSCAR_")}
    settings.configure(
        **own | {"OSCAR_PRODUCTS_PER_PAGE": PER_PAGE},
        DEBUG=False,
        SECRET_KEY="only-for-benchmarks",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        SITE_ID=1,
        USE_TZ=True,
        LANGUAGE_CODE="en-gb",
        STATIC_URL="/static/",
        MEDIA_URL="/media/",
        MEDIA_ROOT=str(FOLDER / "media"),
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        INSTALLED_APPS=[*INSTALLED_APPS, "sorl.thumbnail"],
        MIDDLEWARE=MIDDLEWARE,
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "context_processors": CONTEXT,
                "loaders": [("django.template.loaders.cached.Loader", LOADERS)],
            },
        }],
        DATABASES={"default": {
            "ENGINE": "django.db.backends.sqlite3", "NAME": str(FOLDER / "oscar.sqlite3"),
            "ATOMIC_REQUESTS": True,
        }},
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        AUTHENTICATION_BACKENDS=["oscar.apps.customer.auth_backends.EmailBackend"],
        HAYSTACK_CONNECTIONS={"default": {
            "ENGINE": "haystack.backends.whoosh_backend.WhooshEngine", "PATH": str(FOLDER / "index"),
        }},
    )  # fmt: skip
    django.setup()


configure()

from django.apps import apps  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import include, path  # noqa: E402

urlpatterns = [
    path("healthz", lambda _request: HttpResponse("ok")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include(apps.get_app_config("oscar").urls[0])),
]
application = get_wsgi_application()


def seed(total: int) -> None:
    """Tables, one category, and products in stock with a price; photos are left out, as in our own bench."""
    from django.contrib.sites.models import Site
    from oscar.core.loading import get_class, get_model

    call_command("migrate", verbosity=0)
    Site.objects.update_or_create(pk=1, defaults={"domain": "localhost", "name": "peer"})
    create_from_breadcrumbs = get_class("catalogue.categories", "create_from_breadcrumbs")
    shelf = create_from_breadcrumbs("Tas")
    kind = get_model("catalogue", "ProductClass").objects.create(name="Barang")
    partner = get_model("partner", "Partner").objects.create(name="Lapas Uji")
    for number in range(1, total + 1):
        product = get_model("catalogue", "Product").objects.create(
            product_class=kind, title=f"Tas pandan {number}", upc=str(number), description="Tas anyaman."
        )
        get_model("catalogue", "ProductCategory").objects.create(product=product, category=shelf)
        get_model("partner", "StockRecord").objects.create(
            product=product, partner=partner, partner_sku=str(number), price=185_000, price_currency="IDR",
            num_in_stock=10,
        )  # fmt: skip
    call_command("rebuild_index", interactive=False, verbosity=0)


if __name__ == "__main__":
    seed(int(sys.argv[1]))
