"""Folding, stems and slips of the finger."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.core.words import normalise, stem_of, stems, suggest, tokens

FAMILIES = [
    "rajut rajutan merajut dirajut perajut rajutannya",
    "anyam anyaman menganyam dianyam penganyam anyamannya",
    "lukis lukisan dilukis melukis pelukis",
    "sulam sulaman menyulam disulam",
    "batik membatik dibatik pembatik batiknya",
    "tenun tenunan menenun penenun",
    "ukir ukiran mengukir pengukir",
    "jahit jahitan menjahit penjahit",
    "sablon sablonan menyablon",
    "gantung gantungan menggantung",
    "hias hiasan menghias",
    "minum minuman meminum",
    "masak memasak masakan",
    "pesan pesanan memesan dipesan",
    "keripik kripik",
    "kayu kayunya",
    "sepatu sepatunya",
    "tas tasnya",
]

STRANGERS = [
    ("kemeja", "meja"),
    ("keranjang", "ranjang"),
    ("masakan", "masa"),
    ("sepatu", "patu"),
    ("kelapa", "lapa"),
    ("tas", "tasik"),
    ("rajut", "rajin"),
    ("kayu", "kayuh"),
]

VOCABULARY = ["batik", "rajut", "anyam", "sepatu", "keripik", "kayu", "tas", "keranjang", "sandal", "kopi"]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_shares_its_stem(family):
    assert len({stem_of(word) for word in family.split()}) == 1


@pytest.mark.parametrize(("one", "other"), STRANGERS)
def test_strangers_do_not(one, other):
    assert stem_of(one) != stem_of(other)


def test_the_goods_keep_their_names():
    for word in ("kayu", "sepatu", "tas", "batik", "kopi", "meja", "bambu", "melon", "madu", "sandal"):
        assert stem_of(word) == word


def test_folding():
    assert tokens("Ma'u, CAFÉ-Kopi & Teh (30 gr)!") == ["mau", "cafe", "kopi", "teh", "30", "gr"]
    assert normalise("  Ｔas\u00a0  Rajut ") == "tas rajut"
    assert normalise("\u2019") == ""


def test_stems_of_a_text():
    assert stems("Tas dan dompet rajutan untuk Anda") == "tas dompet rajut anda"
    assert stems("gelang manik-manik") == "gelang manik"
    assert stems("yang dan di") == ""


def test_stems_of_stems_still_find():
    query, text = stems("anyaman lidi"), stems("Piring lidi, dianyam tangan")
    assert set(query.split()) <= set(text.split())


@given(st.text(max_size=60))
def test_any_text_has_stems(text):
    for stem in stems(text).split():
        assert tokens(stem) == [stem]


def test_threads_do_not_mix_their_words():
    words = [f"me{word}an{n}" for n in range(300) for word in ("lukis", "tulis", "rangkai")]
    expected = {word: stem_of.__wrapped__(word) for word in words}
    stem_of.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert dict(zip(words, pool.map(stem_of, words), strict=True)) == expected


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("btaik", "batik"),
        ("batk", "batik"),
        ("sepattu", "sepatu"),
        ("kripik", "keripik"),
        ("keranjnag", "keranjang"),
        ("sendal", "sandal"),
        ("kayo", "kayu"),
    ],
)
def test_a_slip_is_mended(typed, meant):
    assert suggest(typed, VOCABULARY) == meant


@pytest.mark.parametrize("typed", ["batik", "ta", "tsa", "laptop", "kasur", "12345", "", "xyzzy"])
def test_another_word_is_left_alone(typed):
    assert suggest(typed, VOCABULARY) is None


def test_on_a_tie_the_common_word_wins():
    assert suggest("kopo", ["kopi", "kope"]) == "kopi"
    assert suggest("kopo", ["kope", "kopi"]) == "kope"


def test_fifty_thousand_words_are_searched_in_time():
    vocabulary = [
        f"{first}{second}{n}"
        for n in range(250)
        for first in "abcdefghij"
        for second in "klmnopqrstuvwxyzabcd"
    ]
    began = time.process_time()
    suggest("sepattu", vocabulary)
    assert time.process_time() - began < 0.07
