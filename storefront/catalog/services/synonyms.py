"""Words that mean the same to buyers: the office writes them down, searching uses them at once."""

from collections.abc import Iterable

from storefront.catalog.models import Synonym
from storefront.core import auditlog, clock
from storefront.core.db import db, locked
from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.core.transactions import touch, transaction
from storefront.core.words import normalise, stems

MOST_WORDS = 12
LONGEST = 40


def add_synonyms(words: Iterable[str], *, actor_id: int | None = None) -> int:
    """Write down a group of words that mean the same; returns its id. Raises Invalid."""
    checked = _checked(words)
    with transaction():
        group = Synonym(words=checked, created_at=clock.now())
        db.session.add(group)
        db.session.flush()
        auditlog.write("synonyms.added", "synonyms", group.id, actor_id=actor_id, words=checked)
        touch("catalog")
        return group.id


def change_synonyms(group_id: int, words: Iterable[str], *, actor_id: int | None = None) -> None:
    """Replace the words of a group. Raises Invalid, NotFound."""
    checked = _checked(words)
    with transaction():
        locked(Synonym, group_id).words = checked
        auditlog.write("synonyms.changed", "synonyms", group_id, actor_id=actor_id, words=checked)
        touch("catalog")


def delete_synonyms(group_id: int, *, actor_id: int | None = None) -> None:
    """Forget a group. Raises NotFound."""
    with transaction():
        db.session.delete(locked(Synonym, group_id))
        auditlog.write("synonyms.deleted", "synonyms", group_id, actor_id=actor_id)
        touch("catalog")


def words_in(text: str) -> list[str]:
    """The words of a text with commas or lines between them."""
    return [part.strip() for part in text.replace("\n", ",").split(",") if part.strip()]


def _checked(words: Iterable[str]) -> list[str]:
    """Each word once, folded; two with the same stem are one. Raises Invalid."""
    by_stem: dict[str, str] = {}
    for word in words:
        folded = normalise(word)
        if stems(folded):
            by_stem.setdefault(stems(folded), folded)
    chosen = list(by_stem.values())
    if len(chosen) < 2:
        raise Invalid({"words": _("Tulis paling sedikit dua kata yang berbeda.")})
    if len(chosen) > MOST_WORDS:
        raise Invalid({"words": _("Paling banyak %(most)s kata dalam satu kelompok.", most=MOST_WORDS)})
    if any(len(word) > LONGEST for word in chosen):
        raise Invalid({"words": _("Setiap kata paling panjang %(longest)s huruf.", longest=LONGEST)})
    return chosen
