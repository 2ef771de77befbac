"""Answers that stay true for one version of the catalogue: kept in the process, few and small."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar, cast

from flask import current_app

T = TypeVar("T")
MAX_ANSWERS = 500


class Memo:
    """The most recently used answers. Losing them costs a query, nothing else."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer under this key; made (outside the lock) when it is not known."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return cast("T", self._answers[key])
        answer = make()
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > MAX_ANSWERS:
                self._answers.popitem(last=False)
        return answer


def remembered(key: Hashable, make: Callable[[], T]) -> T:
    """The answer of this app under this key. The key names the version that it is true for."""
    memo: Memo = current_app.extensions.setdefault("catalog_memo", Memo())
    return memo.get(key, make)
