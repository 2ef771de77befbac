"""The test cards of the pay page and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """A test card. `decline_code` is None when it pays; `message` is what the buyer reads otherwise."""

    number: str
    label: str
    code: str | None = None
    decline_code: str | None = None
    message: str = ""
    asks_confirmation: bool = False

    @property
    def last4(self) -> str:
        """The only part of a number that is ever kept."""
        return self.number[-4:]


class InvalidCardNumber(ValueError):
    """Not a card number at all: wrong length or check digit."""


CARDS = (
    Card("4242424242424242", "Berhasil"),
    Card("4000002500003155", "Minta konfirmasi 3D Secure", asks_confirmation=True),
    Card(
        "4000000000000002",
        "Ditolak",
        "card_declined",
        "generic_decline",
        "Kartu Anda ditolak. Coba kartu lain atau hubungi bank Anda.",
    ),
    Card(
        "4000000000009995",
        "Dana tidak cukup",
        "card_declined",
        "insufficient_funds",
        "Dana di kartu Anda tidak cukup. Coba kartu lain.",
    ),
    Card(
        "4000000000000069",
        "Kartu kedaluwarsa",
        "expired_card",
        "expired_card",
        "Masa berlaku kartu Anda sudah habis. Coba kartu lain.",
    ),
)
_BY_NUMBER = {card.number: card for card in CARDS}


def find_card(number: str) -> Card:
    """The card of this number, spaces and dashes allowed.

    A well-formed number that is no test card is declined, as in the real test mode. Raises InvalidCardNumber.
    """
    digits = number.replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit() and 12 <= len(digits) <= 19 and _luhn(digits)):
        raise InvalidCardNumber(number[-4:])
    refused = "Ini bukan kartu uji. Jangan pernah memakai kartu sungguhan di simulator."
    return _BY_NUMBER.get(digits) or Card(digits, "", "card_declined", "test_mode_live_card", refused)


def _luhn(digits: str) -> bool:
    total = 0
    for index, char in enumerate(reversed(digits)):
        doubled = int(char) * (1 + index % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
