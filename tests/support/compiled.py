"""Templates are compiled once a run, and read from their compiled form once a process, not once a test."""

from pathlib import Path
from types import CodeType

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

_read: dict[tuple[str, str], CodeType] = {}


class Compiled(FileSystemBytecodeCache):
    """Keeps in memory what it has read from the run's folder, or put there."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        super().__init__(str(folder))

    def load_bytecode(self, bucket: Bucket) -> None:
        """As Jinja's own; the checksum is that of the template's source."""
        bucket.code = _read.get((bucket.key, bucket.checksum))
        if bucket.code is None:
            super().load_bytecode(bucket)
            self._remember(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """As Jinja's own."""
        super().dump_bytecode(bucket)
        self._remember(bucket)

    @staticmethod
    def _remember(bucket: Bucket) -> None:
        if bucket.code is not None:
            _read[bucket.key, bucket.checksum] = bucket.code
