"""Amounts in words, as receipts carry them (terbilang)."""

from storefront.core.language import SOURCE, language

_ID = (
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
)
_EN = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_LARGE = (
    (10**12, "triliun", "trillion"), (10**9, "miliar", "billion"), (10**6, "juta", "million"),
    (1000, "ribu", "thousand"),
)  # fmt: skip


def rupiah_in_words(amount: int) -> str:
    """An amount of whole rupiah in words, in the language of the moment.

    186_332 -> 'seratus delapan puluh enam ribu tiga ratus tiga puluh dua rupiah'. Raises ValueError for
    a negative amount.
    """
    if amount < 0:
        raise ValueError("nobody is asked for less than nothing")
    return f"{_indonesian(amount) if language() == SOURCE else _english(amount)} rupiah"


def _indonesian(number: int) -> str:
    for size, word, _word in _LARGE:
        if number >= size:
            many, rest = divmod(number, size)
            head = "seribu" if number < 2000 else f"{_indonesian(many)} {word}"
            return f"{head} {_indonesian(rest)}" if rest else head
    if number < 12:
        return _ID[number]
    if number < 20:
        return f"{_ID[number - 10]} belas"
    size, word = (10, "puluh") if number < 100 else (100, "ratus")
    many, rest = divmod(number, size)
    head = "seratus" if size == 100 and many == 1 else f"{_ID[many]} {word}"
    return f"{head} {_indonesian(rest)}" if rest else head


def _english(number: int) -> str:
    for size, _word, word in _LARGE:
        if number >= size:
            many, rest = divmod(number, size)
            return f"{_english(many)} {word}" + (f" {_english(rest)}" if rest else "")
    if number < 20:
        return _EN[number]
    if number < 100:
        many, rest = divmod(number, 10)
        return _TENS[many] + (f"-{_EN[rest]}" if rest else "")
    many, rest = divmod(number, 100)
    return f"{_EN[many]} hundred" + (f" and {_english(rest)}" if rest else "")
