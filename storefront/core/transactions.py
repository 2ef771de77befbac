"""One use case, one transaction; side effects only once it is safely stored."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, select, update

from storefront.core.db import M, db, for_update, insert_once, locked
from storefront.core.models import Version

_KEY = "use_case"

T = TypeVar("T")

# Asked by every request for a shared page: made once, and of the table, past the mapper.
_VERSIONS = Version.metadata.tables[Version.__tablename__]
_VALUE = select(_VERSIONS.c.value).where(_VERSIONS.c.name == bindparam("name"))


@dataclass
class _UseCase:
    hooks: list[Callable[[], object]] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    gathered: dict[Callable[[list[Any]], object], list[Any]] = field(default_factory=dict)
    held: dict[tuple[type, int], Any] = field(default_factory=dict)
    known: dict[Hashable, Any] = field(default_factory=dict)


@contextmanager
def transaction() -> Iterator[None]:
    """Run a use case atomically. A nested call joins the outer transaction.

    The outermost call first ends whatever reading was under way (objects loaded before are
    reloaded when used), so that on SQLite the write lock is taken before anything is read.
    Hooks given to `on_commit` run after the commit; an exception drops everything.
    """
    session = db.session()
    if _KEY in session.info:
        yield
        return
    session.rollback()
    use_case = session.info[_KEY] = _UseCase()
    try:
        session.connection(execution_options={"writes": True})
        yield
        session.flush()
        _raise_versions(use_case.touched)
        for act in sorted(use_case.gathered, key=_place):
            act(use_case.gathered[act])
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        del session.info[_KEY]
    for hook in use_case.hooks:
        hook()


@contextmanager
def snapshot() -> Iterator[None]:
    """Read for longer than one statement without seeing what others commit meanwhile.

    SQLite reads like this anyway; PostgreSQL is asked to. Ends whatever reading was under way.
    """
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        yield
    finally:
        db.session.rollback()


def _place(act: Callable[..., object]) -> tuple[str, str]:
    """Everybody does what was gathered in one order, so that two never wait for each other."""
    return act.__module__, act.__qualname__


def _current() -> _UseCase:
    use_case = db.session().info.get(_KEY)
    if not isinstance(use_case, _UseCase):
        raise RuntimeError("this needs a transaction()")  # noqa: TRY004 (missing, not of a wrong type)
    return use_case


def refuse_inside() -> None:
    """Raise RuntimeError when a transaction of ours runs: for what leaves the shop after the commit only."""
    if _KEY in db.session.info:
        raise RuntimeError("this leaves the shop after the commit: enqueue a job instead")


def is_inside() -> bool:
    """Does a use case of ours run? Then only its outermost transaction can be tried again."""
    return _KEY in db.session.info


def on_commit(hook: Callable[[], object]) -> None:
    """Do this once the data is safely stored. At most once: what must not be lost is a job."""
    _current().hooks.append(hook)


def gather(act: Callable[[list[Any]], object], item: object) -> None:
    """Do this once with all that was gathered for it, in the transaction, right before the commit.

    For a row that every such use case locks: taken last and held briefly, it closes no circle of locks.
    """
    _current().gathered.setdefault(act, []).append(item)


def hold(model: type[M], statement: Select[Any]) -> Sequence[M]:
    """Lock the rows of a model that a statement selects; `held` knows them until the transaction ends."""
    rows: Sequence[Any] = db.session.scalars(for_update(statement)).all()
    _current().held |= {(model, row.id): row for row in rows}
    return rows


def held(model: type[M], key: int) -> M:
    """Load one row by its id, locked until the transaction ends: one that `hold` has is not asked for again.

    For rows that change through the session only: a write past it is not seen. Raises NotFound.
    """
    return _current().held.get((model, key)) or locked(model, key)


def once(what: Hashable, ask: Callable[[], T]) -> T:
    """The answer to a question that nothing in this transaction changes; outside of one it is asked anew."""
    use_case = db.session().info.get(_KEY)
    if not isinstance(use_case, _UseCase):
        return ask()
    if what not in use_case.known:
        use_case.known[what] = ask()
    answer: T = use_case.known[what]
    return answer


def ask_anew() -> None:
    """What `once` knows does not hold any longer: this transaction changed it."""
    _current().known.clear()


def touch(name: str) -> None:
    """Say that a subject changed. Its version rises as the last statement before the commit."""
    _current().touched.add(name)


def version(name: str) -> int:
    """The version of a subject: part of the key of every cached page that shows it."""
    return db.session.scalar(_VALUE, {"name": name}) or 0


def _raise_versions(names: set[str]) -> None:
    for name in sorted(names):
        raised = db.session.execute(
            update(Version).where(Version.name == name).values(value=Version.value + 1)
        )
        if raised.rowcount == 0:  # type: ignore[attr-defined]
            insert_once(Version, name=name, value=0)
            db.session.execute(update(Version).where(Version.name == name).values(value=Version.value + 1))
