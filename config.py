"""Every setting of the shop. `Config.from_env` is the only reader of the environment."""

import base64
import binascii
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
MEGABYTE = 1024 * 1024
SHORTEST_SECRET = 32
LOOPBACK = ("127.0.0.1", "localhost")
DATABASE_SCHEMES = ("sqlite", "postgresql+psycopg")
LIMITS = {
    "COMPLAINT_DAYS": range(2, 31),  # PP 80/2019: two working days at the least
    "COMPLAINT_ANSWER_DAYS": range(1, 6),
    "COMPLAINT_DECISION_DAYS": range(1, 8),  # UU 8/1999, article 19: seven days at the most
    "COMPLAINT_PHOTO_DAYS": range(1, 366),
    "ORIGINALS_KEEP_DAYS": range(1, 91),
    "HOUR_WORTH": range(1_000, 1_000_001),
}
RATE_HOURS = range(1, 73)  # couriers change their prices seldom, but they do
CARD_MINUTES = range(30, 24 * 60 + 1)  # how long Stripe lets a checkout page stay open


class MissingSetting(RuntimeError):
    """The settings do not let the shop start; the message names each and shows no value."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(
            "the settings are not complete:\n" + "\n".join(f"- {problem}" for problem in problems)
        )


@dataclass(frozen=True, kw_only=True, repr=False)  # a repr would print the secrets
class Config:
    """The settings under the names of their environment variables. Tests build this directly."""

    SECRET_KEY: str
    DATABASE_URL: str
    INSTANCE_DIR: Path  # the shop's own folder: database, media, mail of a shop that runs on one box
    ENV: str = "development"  # or "production"
    FLASK_DEBUG: bool = False
    TESTING: bool = False

    DATABASE_REPLICA_URL: str = ""
    PUBLIC_BASE_URL: str = "http://127.0.0.1:8000"
    TRUSTED_HOSTS: tuple[str, ...] = ()  # empty: the host of PUBLIC_BASE_URL (and loopback in development)
    DATA_KEYS: tuple[str, ...] = ()  # Fernet keys, the newest first; empty: one of SECRET_KEY's (development)
    PROXY_HOPS: int = 0  # how many reverse proxies stand before the shop
    PORT: int = 8000
    WORKERS: int = 1

    MEDIA_ROOT: Path | None = None  # None: a folder inside INSTANCE_DIR
    # s3://bucket/prefix?endpoint=…&region=… instead; its keys come from AWS_* or the machine's own role
    MEDIA_URL: str = ""

    STRIPE_SECRET_KEY: str = ""  # empty: no card payments, and no card button
    STRIPE_WEBHOOK_SECRET: tuple[str, ...] = ()  # more than one while rotating
    STRIPE_API_BASE: str = ""  # empty: Stripe itself
    MIDTRANS_SERVER_KEY: str = ""  # empty: no virtual accounts, e-wallets or QRIS by an aggregator
    MIDTRANS_API_BASE: str = ""  # empty: Midtrans itself; the sandbox is https://api.sandbox.midtrans.com
    MIDTRANS_SNAP_BASE: str = ""  # empty: Midtrans itself; the sandbox is https://app.sandbox.midtrans.com

    RAJAONGKIR_KEY: str = ""  # empty: its prices are not asked for
    RAJAONGKIR_API_BASE: str = ""  # empty: RajaOngkir itself
    BITESHIP_KEY: str = ""
    BITESHIP_API_BASE: str = ""
    RATE_HOURS: int = 12  # how long a price that one of them told counts

    MAIL_SERVER: str = ""  # empty: letters become files in INSTANCE_DIR/mail
    MAIL_PORT: int = 587
    MAIL_USERNAME: str = ""
    MAIL_PASSWORD: str = ""
    MAIL_FROM: str = "toko@localhost"

    RATELIMIT_STORAGE_URI: str = "memory://"
    RESERVATION_MINUTES: int = 30  # how long stock is held for a card payment
    COMPLAINT_DAYS: int = 2  # working days after receipt in which a buyer may complain of a parcel
    COMPLAINT_ANSWER_DAYS: int = 2  # working days that a facility has to answer
    COMPLAINT_DECISION_DAYS: int = 7  # days until it is decided, whoever decides
    COMPLAINT_PHOTO_DAYS: int = 90  # days after its end until a complaint's photos are erased
    ORIGINALS_KEEP_DAYS: int = 30  # days for which a photo is kept as it came, to turn and crop it
    HOUR_WORTH: int = 17_000  # rupiah that an hour of work counts in a suggested price
    COMPLAINT_CHANGED_MIND: bool = False  # whether goods without a fault may go back too
    CASH_ALONE_MAX: int = 500_000  # rupiah over the counter that one officer may take without a second one
    SHOP_NAME: str = "Karya Banten"
    OFFICE_NAME: str = "Kantor Wilayah Direktorat Jenderal Pemasyarakatan Banten"
    OFFICE_ADDRESS: str = ""
    OFFICE_EMAIL: str = ""
    OFFICE_PHONE: str = ""
    OFFICE_PSE_NUMBER: str = ""  # registration as an operator of electronic systems

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Self:
        """Read the settings; what is not set gets its default, which is safe or refused.

        Raises MissingSetting naming everything that is wrong at once. Development is lenient where
        production is not, and keeps a secret of its own in INSTANCE_DIR.
        """
        reader = _Reader(env)
        values = {field.name: reader.read(field.name, field.type) for field in fields(cls)}
        given = {name: value for name, value in values.items() if value is not None}
        given.setdefault("INSTANCE_DIR", ROOT / "instance")
        given.setdefault("DATABASE_URL", f"sqlite:///{given['INSTANCE_DIR'] / 'shop.sqlite3'}")
        given.setdefault("PUBLIC_BASE_URL", f"http://127.0.0.1:{given.get('PORT', cls.PORT)}")
        given["PUBLIC_BASE_URL"] = given["PUBLIC_BASE_URL"].rstrip("/")
        if given.get("ENV", cls.ENV) == "development" and "SECRET_KEY" not in given:
            given["SECRET_KEY"] = kept_secret(given["INSTANCE_DIR"])

        config = cls(**{"SECRET_KEY": "", **given})
        if wrong := reader.wrong + problems(config):
            raise MissingSetting(wrong)
        return config

    @property
    def production(self) -> bool:
        """Whether strangers can reach this shop; anything that is not development counts as such."""
        return self.ENV != "development"

    @property
    def media_root(self) -> Path:
        """The folder of stored files, where MEDIA_URL names no other place."""
        return self.MEDIA_ROOT or self.INSTANCE_DIR / "media"

    @property
    def trusted_hosts(self) -> list[str]:
        """The Host headers that are answered."""
        own = urlsplit(self.PUBLIC_BASE_URL).hostname or ""
        extra = () if self.production else LOOPBACK
        return list(self.TRUSTED_HOSTS or dict.fromkeys((own, *extra)))

    def to_flask(self) -> dict[str, Any]:
        """Return what goes into `app.config`: every setting, and what Flask and its parts want to know."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        del own["FLASK_DEBUG"]
        return own | {
            "DEBUG": self.FLASK_DEBUG and not self.production,
            "TRUSTED_HOSTS": self.trusted_hosts,
            "MEDIA_ROOT": self.media_root,
            "SQLALCHEMY_DATABASE_URI": self.DATABASE_URL,
            "SQLALCHEMY_ENGINE_OPTIONS": engine_options(self.DATABASE_URL),
            # __Host-: no other subdomain can plant it, and it never travels without TLS.
            "SESSION_COOKIE_NAME": "__Host-sesi" if self.production else "sesi",
            "SESSION_COOKIE_SECURE": self.production,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_PATH": "/",
            "SESSION_REFRESH_EACH_REQUEST": False,  # shared pages must not set a cookie
            "PREFERRED_URL_SCHEME": urlsplit(self.PUBLIC_BASE_URL).scheme or "http",
            "MAX_CONTENT_LENGTH": 64 * MEGABYTE,  # a form with several photos straight from a phone
            "MAX_FORM_MEMORY_SIZE": MEGABYTE,
            "MAX_FORM_PARTS": 1000,
            "WTF_CSRF_TIME_LIMIT": None,  # a form left open over lunch still works; it dies with the session
        }


def engine_options(url: str) -> dict[str, Any]:
    """Return how connections are made and kept; never a wait without an end, no row in an error's words."""
    if url.startswith("sqlite"):
        return {"hide_parameters": True}
    return {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_recycle": 1800,
        "pool_timeout": 10,
        "connect_args": {"connect_timeout": 3},
    }


def kept_secret(folder: Path) -> str:
    """Return this checkout's own random secret, made at the first call; readable by its owner only."""
    path = folder / "secret_key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=folder, prefix="secret_key.")
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        # Two processes may start together: the first to link its draft wins, both read the same secret.
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return path.read_text(encoding="ascii").strip()


# --- what is wrong ------------------------------------------------------------------------------


def problems(config: Config) -> list[str]:
    """Say what keeps the shop from starting, each line beginning with the setting's name; no values."""
    found = []
    if config.ENV not in ("development", "production"):
        found.append("ENV is neither development nor production")
    for name in ("DATABASE_URL", "DATABASE_REPLICA_URL"):
        url = getattr(config, name)
        if url and urlsplit(url).scheme not in DATABASE_SCHEMES:
            found.append(f"{name} begins with neither sqlite: nor postgresql+psycopg:")
    if config.MEDIA_URL and urlsplit(config.MEDIA_URL).scheme != "s3":
        found.append("MEDIA_URL does not begin with s3:")
    if not all(_is_key(key) for key in config.DATA_KEYS):
        found.append("DATA_KEYS has a part that is no key: 32 bytes in URL-safe base64")
    if config.STRIPE_SECRET_KEY and not config.STRIPE_WEBHOOK_SECRET:
        found.append(
            "STRIPE_WEBHOOK_SECRET is missing, and STRIPE_SECRET_KEY is set: payments would not be heard of"
        )
    if config.STRIPE_SECRET_KEY and config.RESERVATION_MINUTES not in CARD_MINUTES:
        found.append("RESERVATION_MINUTES has to lie between 30 and 1440 for card payments")
    found += [
        f"{name} has to lie between {allowed.start} and {allowed.stop - 1}"
        for name, allowed in LIMITS.items()
        if getattr(config, name) not in allowed
    ]
    if config.RATE_HOURS not in RATE_HOURS:
        found.append("RATE_HOURS has to lie between 1 and 72")
    if bool(config.MIDTRANS_API_BASE) != bool(config.MIDTRANS_SNAP_BASE):
        found.append("MIDTRANS_API_BASE and MIDTRANS_SNAP_BASE belong together: set both or none")
    return found + (_production_problems(config) if config.production else [])


def _is_key(text: str) -> bool:
    """Whether storefront/core/secrecy.py can use it: 32 bytes in URL-safe base64."""
    try:
        return len(base64.urlsafe_b64decode(text)) == 32
    except (binascii.Error, ValueError):
        return False


def _production_problems(config: Config) -> list[str]:
    """Say what only a shop that strangers can reach must not do."""
    base = urlsplit(config.PUBLIC_BASE_URL)
    secret = config.SECRET_KEY
    checks = {
        "SECRET_KEY is missing": not secret,
        f"SECRET_KEY is shorter than {SHORTEST_SECRET} characters": 0 < len(secret) < SHORTEST_SECRET,
        "SECRET_KEY repeats too few characters to be random": len(secret) >= SHORTEST_SECRET
        and len(set(secret)) < 10,
        "DATA_KEYS is missing: bank accounts of buyers could not be kept": not config.DATA_KEYS,
        "FLASK_DEBUG is on": config.FLASK_DEBUG,
        "PUBLIC_BASE_URL is not an https:// address": base.scheme != "https" or not base.hostname,
        "PUBLIC_BASE_URL has more than a host": bool(base.path.strip("/") or base.query or base.fragment),
        "MAIL_SERVER is missing: buyers would get no letters": not config.MAIL_SERVER,
        "MAIL_FROM is missing": config.MAIL_FROM == Config.MAIL_FROM or "@" not in config.MAIL_FROM,
        **{
            f"{name} is not an https:// address": urlsplit(getattr(config, name)).scheme not in ("", "https")
            for name in ("STRIPE_API_BASE", "MIDTRANS_API_BASE", "MIDTRANS_SNAP_BASE")
        },
    }
    found = [problem for problem, wrong in checks.items() if wrong]
    for name in ("RAJAONGKIR_API_BASE", "BITESHIP_API_BASE"):
        base = getattr(config, name)
        if base and urlsplit(base).scheme != "https":
            found.append(f"{name} is not an https:// address: prices and the key could be changed on the way")
    return found


def warnings(config: Config) -> list[str]:
    """Say what the shop starts with although it is probably not meant; no values."""
    live = config.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))
    test = config.STRIPE_SECRET_KEY.startswith(("sk_test_", "rk_test_"))
    checks = {
        "STRIPE_SECRET_KEY is a test key: nobody really pays": config.production and test,
        "STRIPE_SECRET_KEY is a live key in development: cards are really charged": live
        and not config.production,
        "MIDTRANS_SERVER_KEY is a sandbox key: nobody really pays": config.production
        and config.MIDTRANS_SERVER_KEY.startswith("SB-"),
        "MIDTRANS_API_BASE points away from Midtrans": config.production and bool(config.MIDTRANS_API_BASE),
        "STRIPE_API_BASE points away from Stripe": config.production and bool(config.STRIPE_API_BASE),
        "RAJAONGKIR_API_BASE or BITESHIP_API_BASE points away from the vendor": config.production
        and bool(config.RAJAONGKIR_API_BASE or config.BITESHIP_API_BASE),
        "OFFICE_ADDRESS, OFFICE_EMAIL or OFFICE_PHONE is empty: buyers cannot see whom to write to": (
            config.production and not (config.OFFICE_ADDRESS and config.OFFICE_EMAIL and config.OFFICE_PHONE)
        ),
        "RATELIMIT_STORAGE_URI is this process's memory, and there are several WORKERS": config.WORKERS > 1
        and config.RATELIMIT_STORAGE_URI.startswith("memory:"),
    }
    return [warning for warning, applies in checks.items() if applies]


class _Reader:
    """Turns variables into typed values and remembers the names of those that it cannot read."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env
        self.wrong: list[str] = []

    def read(self, name: str, kind: object) -> Any:
        """Return one variable as a value of its field's type; None when it is not set or empty."""
        text = self.env.get(name, "").strip()
        if not text or name == "TESTING":  # only a test builds a testing shop
            return None
        if kind is int:
            return self._whole(name, text)
        if kind is bool:
            return text.lower() not in ("0", "false", "no", "off")
        if kind == tuple[str, ...]:
            return tuple(part.strip() for part in text.split(",") if part.strip())
        if kind in (Path, Path | None):
            return Path(text).expanduser().resolve()
        return text

    def _whole(self, name: str, text: str) -> int | None:
        if text.isascii() and text.isdigit():
            return int(text)
        self.wrong.append(f"{name} is not a whole number")
        return None
