"""The small way of writing: what is read from it, what is wrong with it, and that it never breaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.core.markup import Span, plain, read, shortened
from storefront.texts.models import PageSlug
from storefront.texts.queries import POINTED_AT, standing_body, words_of

NAMES, ALONE = {"kantor"}, {"kontak"}


def kinds(text: str) -> list[str]:
    return [block.kind for block in read(text, NAMES, ALONE).blocks]


def spans(text: str) -> list[Span]:
    return list(read(text, NAMES, ALONE).blocks[0].line)


def test_lines_are_blocks():
    text = "> Awal\n\nSatu\nDua\n## Judul {#j}\n- a\n- b\n\n- c\n1. x\n   y\n"
    text += "| A | B |\n|---|---|\n| 1 | 2 |\n{kontak}"
    words = read(text, NAMES, ALONE)
    assert words.problems == []
    assert kinds(text) == [
        "lead", "paragraph", "paragraph", "heading", "list", "list", "steps", "table", "name",
    ]  # fmt: skip
    assert words.anchors == {"j"}
    assert [len(row) for row in words.blocks[7].rows] == [2, 2], "the rule below the headings is no row"
    assert [plain(line) for line in words.blocks[6].items[0].below] == ["y"]


def test_marks_in_a_line():
    assert spans("a **b** *c* `d` [e](/f) {kantor}.") == [
        Span("text", "a "), Span("strong", "b"), Span("text", " "), Span("em", "c"), Span("text", " "),
        Span("code", "d"), Span("text", " "), Span("link", "e", "/f"), Span("text", " "),
        Span("name", "kantor"), Span("text", "."),
    ]  # fmt: skip
    assert spans("3 * 24 jam, 2 * 12") == [Span("text", "3 * 24 jam, 2 * 12")]
    assert [span.kind for span in spans("**tidak ditutup")] == ["text"]


@pytest.mark.parametrize(
    "address",
    ["javascript:alert", "JaVaScRiPt:x", "data:text/html,x", "//jahat.example", "/\\jahat.example",
     "http://x.example", "https:///x", "produk", "ftp://x", "mailto:", "tel:abc", "\x01javascript:x", ""],
)  # fmt: skip
def test_a_link_that_leads_nowhere_good_is_none(address):
    words = read(f"[klik]({address})", NAMES, ALONE)
    assert words.addresses == []
    assert len(words.problems) == 1
    assert plain(words.blocks[0].line) == f"[klik]({address})"


@pytest.mark.parametrize(
    "address",
    ["/produk", "/syarat#tukar", "https://contoh.go.id/a?b=1", "mailto:a@b.id", "tel:+62811222333", "#j"],
)
def test_other_links_are(address):
    words = read(f"[klik]({address})", NAMES, ALONE)
    assert (words.addresses, words.problems) == ([address], [])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# Judul", "1"),
        ("a\n\n##", "3"),
        ("### Dalam", "1"),
        ("#### Dalam", "1"),
        ("## A\n| a | b |\n| c |", "3"),
        ("{lain}", "1"),
        ("Kami {kontak} ya", "1"),
        ("Bukan judul {#x}", "1"),
    ],
)
def test_what_is_wrong_names_its_line(text, line):
    problems = read(text, NAMES, ALONE).problems
    assert problems
    assert problems[0].startswith(f"Baris {line}:"), problems


@pytest.mark.parametrize("text", ["## A {#x}\n## B {#x}", "> a\n\n> b", "| a | b |"])
def test_what_is_wrong_with_the_whole(text):
    assert len(read(text, NAMES, ALONE).problems) == 1


def test_a_search_engine_sees_whole_words():
    assert shortened(read("> **Satu** dua")) == "Satu dua"
    long = shortened(read("kata " * 80))
    assert len(long) <= 156
    assert long.endswith("kata…")


@given(st.text(alphabet="ab#>-|*`[](){}/.:\n 1", max_size=200))
def test_nothing_that_is_typed_breaks_it_or_gets_lost(text):
    words = read(text, NAMES, ALONE)
    said = "".join(span.text for line in words.lines for span in line)
    assert sum(map(said.count, "ab")) <= sum(map(text.count, "ab"))
    for span in (span for line in words.lines for span in line):
        assert span.kind in {"text", "strong", "em", "code", "link", "name"}
        assert span.kind != "link" or span.href.startswith(("/", "#", "https://"))
    assert all(block.kind != "heading" or block.level in (2, 3) for block in words.blocks)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("slug", list(PageSlug))
def test_the_texts_that_came_with_the_shop_are_good(slug, language):
    words = words_of(standing_body(slug, language))
    assert words.problems == []
    assert words.anchors >= POINTED_AT.get(slug, frozenset())
    assert words.blocks[0].kind == "lead"
