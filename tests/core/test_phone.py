"""Telephone numbers: however they are typed, one way to store them, and a mask for lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.core.phone import mask_phone, parse_phone, show_phone, whatsapp_link

numbers = st.from_regex(r"8[0-9]{8,11}", fullmatch=True)


@given(numbers, st.sampled_from(["0", "62", "+62", "", "+62 0", "(0)", "62-"]))
def test_every_usual_way_to_begin_means_the_same_number(number, prefix):
    assert parse_phone(prefix + number) == f"+62{number}"


@given(numbers)
def test_what_is_shown_can_be_typed_again(number):
    stored = f"+62{number}"

    assert parse_phone(show_phone(stored)) == stored
    assert parse_phone(stored) == stored


@pytest.mark.parametrize(
    "text", ["0812 3456 7890", "0812-3456-7890", "+62 (812) 3456.7890", "0812\u20113456\u00a07890"]
)
def test_separators_do_not_matter(text):
    assert parse_phone(text) == "+6281234567890"


@pytest.mark.parametrize(
    "text",
    ["", "0", "08", "021 5551234", "0812345", "08123456789012345", "+1 812 3456 7890", "0812-abcd-7890",
     "٠٨١٢٣٤٥٦٧٨٩٠", "0812 3456 7890 / 0813", "0812\n34567890\r\nX: y"],
)  # fmt: skip
def test_refuses_what_no_whatsapp_answers(text):
    with pytest.raises(ValueError, match="0812 3456 7890"):
        parse_phone(text)


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_a_refusal(text):
    try:
        stored = parse_phone(text)
    except ValueError:
        return
    assert stored.startswith("+628")
    assert stored[1:].isdigit()
    assert stored.isascii()


@given(numbers)
def test_a_mask_hides_the_middle(number):
    masked = mask_phone(f"+62{number}")

    assert masked == f"0{number[:3]}-****-{number[-4:]}"
    assert number not in masked


def test_a_link_to_a_chat_carries_the_words_and_nothing_else():
    assert whatsapp_link("+6281234567890") == "https://wa.me/6281234567890"
    link = whatsapp_link("+6281234567890", "Halo & salam #1\nBanten?")
    assert link == "https://wa.me/6281234567890?text=Halo%20%26%20salam%20%231%0ABanten%3F"
