"""ZIP files that people send: looked over by their list of contents before anything is unpacked."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

from storefront.core.language import _

MEGABYTE = 1024 * 1024
LEAST_FOR_RATIO = MEGABYTE
"""A small entry may shrink as much as it likes: blank pages of a workbook do."""


class Limits(NamedTuple):
    """What an archive may hold: entries, unpacked bytes in all, and how many times its own size."""

    entries: int
    size: int
    ratio: int = 200


class Archive:
    """A ZIP file whose contents stay within limits, also when its list of contents lies."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Raises ValueError (with words for the person) for what is no ZIP, locked, or too much."""
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
            raise ValueError(
                _("Berkas ini bukan ZIP yang utuh. Buat ulang ZIP-nya, lalu unggah lagi.")
            ) from error
        self._entries = {info.filename: info for info in self._zip.infolist() if not info.is_dir()}
        _refuse_too_much(list(self._entries.values()), limits)

    def names(self) -> Iterator[str]:
        """The paths of its files, in the archive's order."""
        return iter(self._entries)

    def size(self, name: str) -> int:
        """How many bytes a file unpacks to, as the list of contents says."""
        return self._entries[name].file_size

    def read(self, name: str) -> bytes:
        """A file, never more of it than the list of contents says. Raises ValueError when it is broken."""
        info = self._entries[name]
        try:
            with self._zip.open(info) as file:
                data = file.read(info.file_size + 1)
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            RuntimeError,
            OSError,
            EOFError,
            ValueError,
        ) as error:
            raise ValueError(_("Berkas ini rusak di dalam ZIP.")) from error
        if len(data) > info.file_size:
            raise ValueError(_("Berkas ini rusak di dalam ZIP."))
        return data


def _refuse_too_much(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.entries:
        words = _(
            "ZIP ini berisi %(count)s berkas; paling banyak %(most)s.",
            count=len(entries),
            most=limits.entries,
        )
        raise ValueError(words)
    if sum(entry.file_size for entry in entries) > limits.size:
        most = limits.size // MEGABYTE
        raise ValueError(_("Isi ZIP ini terlalu besar; paling banyak %(most)s MB setelah dibuka.", most=most))
    for entry in entries:
        if entry.flag_bits & 1:
            raise ValueError(_("ZIP ini memakai kata sandi. Buat ZIP tanpa kata sandi."))
        if entry.file_size > LEAST_FOR_RATIO and entry.file_size > limits.ratio * max(1, entry.compress_size):
            raise ValueError(_("ZIP ini dimampatkan secara tidak wajar, jadi tidak dibuka."))
