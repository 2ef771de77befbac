"""Files of the shop: a folder on this machine, or an S3 bucket, behind the same five verbs."""

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from flask import current_app

from storefront.core.errors import NotFound

PRIVATE = "private/"
"""Keys below this are for signed-in staff only: they have no public URL."""

MAX_KEY = 200
_SEGMENT = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"
_KEY = re.compile(rf"{_SEGMENT}(/{_SEGMENT})*")


class BadKey(ValueError):
    """A key that could leave its folder, hide a file or surprise a file system."""


class Storage(Protocol):
    """Where files live. Keys look like 'foto/x1-720.webp'; files are written whole or not at all."""

    def save(self, key: str, data: bytes, content_type: str) -> None:
        """Write a file, replacing an older one. Raises BadKey."""

    def open(self, key: str) -> BinaryIO:
        """Read a file. Raises NotFound, for keys that cannot exist too."""

    def delete(self, key: str) -> None:
        """Remove a file; one that is not there is no error. Raises BadKey."""

    def exists(self, key: str) -> bool:
        """Is there such a file?"""

    def url(self, key: str) -> str:
        """The address visitors load it from. Raises BadKey, for private files too."""


def check_key(key: str) -> str:
    """Return the key, or raise BadKey: letters, digits, '-', '_', '.', no part starting with a dot."""
    if len(key) > MAX_KEY or not _KEY.fullmatch(key):
        raise BadKey(f"not a storage key: {key[:MAX_KEY]!r}")
    return key


def public_url(base: str, key: str) -> str:
    """The address of a public file below `base`. Raises BadKey for a private one."""
    if check_key(key).startswith(PRIVATE):
        raise BadKey("a private file has no public address")
    return f"{base.rstrip('/')}/{key}"


class LocalStorage:
    """Files below one folder of this machine, served by the shop (or nginx) under /media.

    A folder keeps no content types: whoever serves a file goes by the ending of its key.
    """

    def __init__(self, root: Path, *, base_url: str = "/media") -> None:
        self.root = root
        self.base_url = base_url

    def save(self, key: str, data: bytes, content_type: str) -> None:  # noqa: ARG002
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        # A leading dot is no key, so a half-written file can never be read through open().
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".tmp-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.chmod(temporary, 0o600 if key.startswith(PRIVATE) else 0o644)
            os.replace(temporary, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise

    def open(self, key: str) -> BinaryIO:
        try:
            return self._path(key).open("rb")
        except (BadKey, FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError) as error:
            raise NotFound from error

    def delete(self, key: str) -> None:
        with suppress(FileNotFoundError, NotADirectoryError):
            self._path(key).unlink()

    def exists(self, key: str) -> bool:
        try:
            return self._path(key).is_file()
        except BadKey:
            return False

    def url(self, key: str) -> str:
        return public_url(self.base_url, key)

    def _path(self, key: str) -> Path:
        return self.root / check_key(key)


def make_storage(media_root: str | Path, media_url: str | None = None) -> Storage:
    """The storage that the settings ask for: MEDIA_URL=s3://…, else the folder MEDIA_ROOT.

    Raises ValueError for an address that is not s3://bucket[/prefix][?endpoint=…&region=…&public=…].
    """
    if not media_url:
        return LocalStorage(Path(media_root))
    from storefront.core.storage_s3 import ObjectStorage  # its library loads only where it is used

    return ObjectStorage.from_url(media_url)


def storage() -> Storage:
    """The storage of the running app."""
    return cast("Storage", current_app.extensions["storage"])


def read(key: str) -> bytes:
    """The whole content of a stored file. Raises NotFound."""
    with storage().open(key) as file:
        return file.read()
