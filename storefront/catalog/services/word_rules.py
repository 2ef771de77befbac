"""Words in the texts of products, as the office decides about them."""

from sqlalchemy import select

from storefront.catalog.models import WordRule, WordVerdict
from storefront.core import auditlog, clock
from storefront.core.db import db, for_update, locked
from storefront.core.errors import Invalid
from storefront.core.language import _, lazy
from storefront.core.transactions import transaction
from storefront.core.words import normalise

LONGEST = 60
VERDICT_WORDS = {
    WordVerdict.REFUSED: lazy("Ditolak"),
    WordVerdict.WARNED: lazy("Dilihat dua kali"),
    WordVerdict.ALLOWED: lazy("Boleh"),
}
"""What each verdict is called on the screen."""


def decide_word(word: str, verdict: WordVerdict, *, actor_id: int | None = None) -> int:
    """Say what becomes of a word or phrase from now on; one that was decided already is decided anew.

    Returns the id of the rule. What is stored stays as it is. Raises Invalid.
    """
    folded = normalise(word)
    if not folded or len(folded) > LONGEST:
        raise Invalid(
            {"word": _("Tulis satu kata atau ungkapan, paling panjang %(most)s huruf.", most=LONGEST)}
        )
    with transaction():
        rule = db.session.scalar(for_update(select(WordRule).filter_by(word=folded)))
        if rule is None:
            rule = WordRule(word=folded, created_at=clock.now(), created_by_id=actor_id)
            db.session.add(rule)
        rule.verdict = verdict
        db.session.flush()
        auditlog.write("word.decided", "word", rule.id, actor_id=actor_id, word=folded, verdict=verdict.value)
        return rule.id


def forget_word(rule_id: int, *, actor_id: int | None = None) -> None:
    """Let the shop's own list decide again. Raises NotFound."""
    with transaction():
        rule = locked(WordRule, rule_id)
        auditlog.write("word.forgotten", "word", rule_id, actor_id=actor_id, word=rule.word)
        db.session.delete(rule)
