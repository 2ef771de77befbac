"""The simulator's memory: records by kind and id, a clock that can be moved, and an optional file."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

Json = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (kind, id)
)
"""
_UPSERT = """
INSERT INTO records (kind, id, body) VALUES (?, ?, ?)
ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body
"""


class Store:
    """Records are plain dicts with `object` (their kind) and `id`, kept in the order they were made.

    Whoever reads or changes records holds `lock`. A changed record is kept across a restart once `save` is
    called on it.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.lock = threading.RLock()
        self._records: dict[str, dict[str, Json]] = {}
        self._offset = 0.0
        self._database = self._open(path) if path else None
        self._load()

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = OFF")  # play money: surviving a restart is enough
        database.execute(_SCHEMA)
        return database

    def _load(self) -> None:
        if self._database is None:
            return
        for kind, record_id, body in self._database.execute(
            "SELECT kind, id, body FROM records ORDER BY position"
        ):
            self._records.setdefault(kind, {})[record_id] = json.loads(body)
        self._offset = (self.get("_clock", "clock") or {}).get("offset", 0.0)

    def save(self, record: Json) -> Json:
        """Keep a new or changed record and return it."""
        with self.lock:
            self._records.setdefault(record["object"], {})[record["id"]] = record
            if self._database is not None:
                row = (record["object"], record["id"], json.dumps(record))
                self._database.execute(_UPSERT, row)
        return record

    def get(self, kind: str, record_id: str) -> Json | None:
        """The record itself (not a copy), or None."""
        return self._records.get(kind, {}).get(record_id)

    def all(self, kind: str) -> list[Json]:
        """All records of a kind, oldest first."""
        with self.lock:
            return list(self._records.get(kind, {}).values())

    def delete(self, kind: str, record_id: str) -> None:
        """Forget a record; unknown ones are fine."""
        with self.lock:
            self._records.get(kind, {}).pop(record_id, None)
            if self._database is not None:
                self._database.execute("DELETE FROM records WHERE kind = ? AND id = ?", (kind, record_id))

    def clear(self, *, keep: frozenset[str] = frozenset()) -> None:
        """Forget everything but the kinds in `keep`, and put the clock right."""
        with self.lock:
            for kind in [k for k in self._records if k not in keep]:
                for record_id in list(self._records[kind]):
                    self.delete(kind, record_id)
            self._offset = 0.0

    def now(self) -> float:
        """The simulator's time in Unix seconds: the machine's, plus what `advance` added."""
        return time.time() + self._offset

    def advance(self, seconds: float) -> None:
        """Move the clock forward (or, if negative, back)."""
        with self.lock:
            self._offset += seconds
            self.save({"object": "_clock", "id": "clock", "offset": self._offset})

    def close(self) -> None:
        """Close the file, if there is one."""
        with self.lock:
            if self._database is not None:
                self._database.close()
                self._database = None
