"""What stands in a cell, read the way people write it; what cannot be read is said in words."""

import re
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from storefront.catalog.services.variants import MAX_PRICE, MAX_SIDE, MAX_WEIGHT
from storefront.core.language import _
from storefront.core.money import parse_rupiah
from storefront.web.typed import clean_line, clean_text, parse_count, parse_grams, refuse_pictures

MAX_STOCK = 100_000
_ERRORS = {"#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#null!", "#num!"}
_YES = {"ya", "y", "yes", "true", "1", "benar"}
_NO = {"", "tidak", "t", "no", "n", "false", "0", "salah"}
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_BREAKING = {"p", "br", "li", "div", "h1", "h2", "h3", "h4", "tr"}
_NEUTRALISED = re.compile(r"'(?=\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])")
_GROUPS = {
    ",": re.compile(r"([0-9]{1,3}(\.[0-9]{3})+|[0-9]{1,9})(,[0-9]{1,10})?"),
    ".": re.compile(r"[0-9]{1,6}(\.[0-9]{1,10})?"),
}


def unwrapped(cell: str) -> str:
    """A cell without the apostrophe that our exports put before what a spreadsheet would run."""
    return _NEUTRALISED.sub("", cell, count=1) if cell.startswith("'") else cell


def refuse_formula(cell: str) -> None:
    """Raise ValueError for a formula that came without its result, and for the error of one."""
    if cell.startswith("=") and len(cell) > 1:
        raise ValueError(_("Sel ini berisi rumus tanpa hasil. Salin nilainya sebagai angka atau teks biasa."))
    if cell.lower() in _ERRORS:
        raise ValueError(_("Rumus di sel ini gagal (%(error)s). Perbaiki dulu di lembar kerja.", error=cell))


def line(cell: str, longest: int, shortest: int = 0) -> str:
    """One line of words. Raises ValueError."""
    words = clean_line(plain(cell).replace("\n", " "))
    refuse_pictures(words)
    return _fitting(words, longest, shortest)


def text(cell: str, longest: int) -> str:
    """Several lines of words; HTML becomes plain text. Raises ValueError."""
    return _fitting(clean_text(plain(cell.replace("\\n", "\n"))), longest, 0)


def _fitting(words: str, longest: int, shortest: int) -> str:
    if len(words) > longest:
        raise ValueError(
            _("Terlalu panjang: %(length)s huruf, paling banyak %(most)s.", length=len(words), most=longest)
        )
    if len(words) < shortest:
        raise ValueError(_("Terlalu pendek: tulis paling sedikit %(least)s huruf.", least=shortest))
    return words


def plain(cell: str) -> str:
    """Words without HTML: what Shopify and WooCommerce keep of a description."""
    if not _TAG.search(cell):
        return cell
    reader = _Words()
    reader.feed(cell)
    reader.close()
    return re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(reader.found)).strip()


class _Words(HTMLParser):
    """Keeps the text, puts a line break where a block ends, drops scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.silent += tag in {"script", "style"}
        if tag in _BREAKING:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style"} and self.silent > 0
        if tag in _BREAKING:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def price(cell: str) -> int:
    """Whole rupiah, at least 1. Raises ValueError."""
    return _within(parse_rupiah(cell), 1, MAX_PRICE)


def stock(cell: str) -> int:
    """Pieces on the shelf. Raises ValueError."""
    return count(cell, 0, MAX_STOCK)


def count(cell: str, least: int, most: int) -> int:
    """A whole number; '12,0' and '12.0000' are 12 too. Raises ValueError."""
    return _within(parse_count(re.sub(r"[.,]0{1,2}$|\.0{4,}$", "", cell.strip())), least, most)


def grams(cell: str) -> int:
    """A weight: '450', '450 g', '1,2 kg'. Raises ValueError."""
    return _within(parse_grams(cell), 1, MAX_WEIGHT)


def weight_in(cell: str, unit: Decimal) -> int:
    """Grams from a number of other units. Raises ValueError."""
    return _within(round(decimal(cell) * unit), 1, MAX_WEIGHT)


def side(cell: str) -> int:
    """Centimetres, rounded up: a parcel is not smaller than what is in it. Raises ValueError."""
    value = decimal(re.sub(r"\s*cm$", "", cell.strip(), flags=re.IGNORECASE))
    return _within(-int(-value // 1), 1, MAX_SIDE)


def decimal(cell: str) -> Decimal:
    """'1.250,5', '12,5' and '12.5'. Raises ValueError."""
    words = cell.strip()
    try:
        if _GROUPS["."].fullmatch(words):
            return Decimal(words)
        if _GROUPS[","].fullmatch(words):
            return Decimal(words.replace(".", "").replace(",", "."))
    except InvalidOperation:
        pass
    raise ValueError(_("Tulis angka, misalnya 12 atau 12,5."))


def yes(cell: str) -> bool:
    """Raises ValueError for anything but yes and no."""
    word = cell.strip().lower()
    if word not in _YES | _NO:
        raise ValueError(_("Tulis “ya” atau “tidak”."))
    return word in _YES


def photo_names(cell: str) -> list[str]:
    """The file names in a cell, of plain names, paths or addresses, separated by commas, ';' or '|'.

    Raises ValueError for an address that is none.
    """
    names = []
    for part in re.split(r"[,;|\n]", cell):
        path = _path(part.strip()) if "://" in part else part.strip().replace("\\", "/")
        name = PurePosixPath(unquote(path)).name
        if name:
            names.append(name[:120].lower())
    return list(dict.fromkeys(names))


def _path(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError as error:
        raise ValueError(_("Alamat foto ini tidak dapat dibaca.")) from error


def _within(value: int, least: int, most: int) -> int:
    if not least <= value <= most:
        bounds = [f"{bound:,}".replace(",", ".") for bound in (least, most)]
        raise ValueError(_("Isi angka %(least)s sampai %(most)s.", least=bounds[0], most=bounds[1]))
    return value
