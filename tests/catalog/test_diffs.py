"""The arithmetic of staged changes: a diff laid over its base is exactly the changed document."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from storefront.catalog.services.diffs import PARTS, diff, laid_over, moved_on
from storefront.core.differences import segments

_words = st.text(alphabet="abc \nIé", max_size=30)
_photos = st.lists(st.fixed_dictionaries({"picture": st.integers(1, 6), "alt": _words}), max_size=5)
_forms = st.lists(
    st.fixed_dictionaries({"values": st.lists(_words, max_size=2), "price": st.none() | st.integers(1, 9)}),
    max_size=3,
)
_PLAIN = {name: _words | st.none() for name in PARTS if name not in {"photos", "forms", "option_names"}}
documents = st.fixed_dictionaries(
    _PLAIN | {"photos": _photos, "forms": _forms, "option_names": st.lists(_words, max_size=2)}
)


@given(documents, documents)
def test_a_diff_laid_over_its_base_is_the_changed_document(before: Any, after: Any) -> None:
    fields = diff(before, after)
    assert laid_over(before, fields) == after
    assert all(before[name] != after[name] for name in fields)
    assert not moved_on({name: before[name] for name in fields}, before, fields)


@given(documents, documents, documents)
def test_only_parts_of_the_change_can_have_moved_on(before: Any, after: Any, live: Any) -> None:
    fields = diff(before, after)
    moved = moved_on({name: before[name] for name in fields}, live, fields)
    assert set(moved) == {name for name in fields if live[name] != before[name]}
    untouched = laid_over(live, fields)
    assert all(untouched[name] == live[name] for name in PARTS if name not in fields)


@given(_words, _words)
def test_marked_words_spell_both_texts(before: str, after: str) -> None:
    parts = segments(before, after)
    assert "".join(one.text for one in parts if one.kind != "new") == before
    assert "".join(one.text for one in parts if one.kind != "old") == after


def test_what_stayed_is_not_marked() -> None:
    parts = segments("Tas anyam dari pandan hutan", "Tas anyam dari daun pandan")
    assert [tuple(one) for one in parts] == [
        ("same", "Tas anyam dari "),
        ("new", "daun "),
        ("same", "pandan"),
        ("old", " hutan"),
    ]
    assert [one.kind for one in segments("", "Baru")] == ["new"]
    assert segments("", "") == []
