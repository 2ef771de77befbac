"""Files in an S3 bucket (or anything that speaks S3). The only file that knows obstore."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from typing import BinaryIO, Self
from urllib.parse import parse_qs, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from storefront.core.errors import NotFound, Unavailable
from storefront.core.language import _
from storefront.core.storage import PRIVATE, BadKey, check_key, public_url

FOREVER = "public, max-age=31536000, immutable"
"""Public keys are random and never written twice, so a CDN may keep what it has."""

_OPTIONS = {"endpoint", "region", "public"}


class ObjectStorage:
    """Files in one bucket, below an optional prefix.

    Credentials come from the usual AWS_* variables or the machine's role, never from the address.
    """

    def __init__(self, store: S3Store, *, base_url: str = "/media") -> None:
        self.store = store
        self.base_url = base_url

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Connect to s3://bucket/prefix?endpoint=…&region=…&public=… (`public`: a CDN's address).

        Without `public` the shop passes the files on under /media, so the bucket may stay private.
        Raises ValueError for any other address.
        """
        parts = urlsplit(url)
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.scheme != "s3" or not parts.hostname or parts.username or set(options) - _OPTIONS:
            raise ValueError("MEDIA_URL must look like s3://bucket/prefix?endpoint=…&region=…&public=…")
        endpoint = options.get("endpoint")
        store = S3Store(
            parts.hostname,
            prefix=parts.path.strip("/") or None,
            config={
                "region": options.get("region", "us-east-1"),
                # Own servers rarely have a host name per bucket.
                "virtual_hosted_style_request": endpoint is None,
                **({"endpoint": endpoint} if endpoint else {}),
            },
            client_options={
                "connect_timeout": "3s",
                "timeout": "10s",
                "allow_http": bool(endpoint and endpoint.startswith("http://")),
            },
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=10)},
        )
        return cls(store, base_url=options.get("public", "/media"))

    def save(self, key: str, data: bytes, content_type: str) -> None:
        cache = "private, no-store" if key.startswith(PRIVATE) else FOREVER
        with _as_domain_errors():
            obstore.put(
                self.store,
                check_key(key),
                data,
                attributes={"Content-Type": content_type, "Cache-Control": cache},
            )

    def open(self, key: str) -> BinaryIO:
        try:
            check_key(key)
        except BadKey as error:
            raise NotFound from error
        with _as_domain_errors():
            return BytesIO(obstore.get(self.store, key).bytes())

    def delete(self, key: str) -> None:
        try:
            with _as_domain_errors():
                obstore.delete(self.store, check_key(key))
        except NotFound:
            return

    def exists(self, key: str) -> bool:
        try:
            with _as_domain_errors():
                obstore.head(self.store, check_key(key))
        except (BadKey, NotFound):
            return False
        return True

    def url(self, key: str) -> str:
        return public_url(self.base_url, key)


@contextmanager
def _as_domain_errors() -> Iterator[None]:
    """Missing files become NotFound; a bucket that does not answer becomes Unavailable (503)."""
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound from error
    except (BaseError, OSError) as error:
        raise Unavailable(_("Penyimpanan berkas sedang tidak dapat dihubungi.")) from error
