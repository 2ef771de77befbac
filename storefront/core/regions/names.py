"""How names of regions are written on screen, and which words people use for them."""

from storefront.core.words import tokens

KOTA, KABUPATEN = "kota", "kabupaten"

_PROVINCES = {
    "Daerah Khusus Ibukota Jakarta": "DKI Jakarta",
    "Daerah Istimewa Yogyakarta": "DI Yogyakarta",
}

_KINDS = {
    "Kabupaten Administrasi ": "Kab. ",
    "Kota Administrasi ": "Kota ",
    "Kabupaten ": "Kab. ",
}

_SMALL = {"dan", "x"}

_SAID_AS = {
    "kab": ["kabupaten"],
    "kep": ["kepulauan"],
    "gn": ["gunung"],
    "jkt": ["jakarta"],
    "jakbar": ["jakarta", "barat"],
    "jakpus": ["jakarta", "pusat"],
    "jaksel": ["jakarta", "selatan"],
    "jaktim": ["jakarta", "timur"],
    "jakut": ["jakarta", "utara"],
    "tangsel": ["tangerang", "selatan"],
    "diy": ["yogyakarta"],
    "jogja": ["yogyakarta"],
    "jogjakarta": ["yogyakarta"],
    "jabar": ["jawa", "barat"],
    "jateng": ["jawa", "tengah"],
    "jatim": ["jawa", "timur"],
    "sumut": ["sumatera", "utara"],
    "sumbar": ["sumatera", "barat"],
    "sumsel": ["sumatera", "selatan"],
    "sumatra": ["sumatera"],
    "babel": ["bangka", "belitung"],
    "kepri": ["kepulauan", "riau"],
    "kalbar": ["kalimantan", "barat"],
    "kalteng": ["kalimantan", "tengah"],
    "kalsel": ["kalimantan", "selatan"],
    "kaltim": ["kalimantan", "timur"],
    "kaltara": ["kalimantan", "utara"],
    "sulut": ["sulawesi", "utara"],
    "sulteng": ["sulawesi", "tengah"],
    "sulsel": ["sulawesi", "selatan"],
    "sultra": ["sulawesi", "tenggara"],
    "sulbar": ["sulawesi", "barat"],
    "ntb": ["nusa", "tenggara", "barat"],
    "ntt": ["nusa", "tenggara", "timur"],
}

_LEVELS = frozenset(
    {"kec", "kecamatan", "distrik", "kel", "kelurahan", "desa", "ds", "prov", "propinsi", "provinsi", "adm"}
)
"""Words that say what a name is, not which; every address has them, no name needs them."""


def tidy(name: str) -> str:
    """The name of a district or village with capitals: 'Timang gajah' -> 'Timang Gajah'."""
    if name.istitle():
        return name
    return " ".join(word if word in _SMALL else word[:1].upper() + word[1:] for word in name.split(" "))


def tidy_regency(name: str) -> str:
    """The name of a regency as people know it: 'Kabupaten Lebak' -> 'Kab. Lebak'."""
    for official, short in _KINDS.items():
        if name.startswith(official):
            return short + name.removeprefix(official)
    return name


def tidy_province(name: str) -> str:
    """The name of a province as people know it: 'DKI Jakarta'."""
    return _PROVINCES.get(name, name)


def region_words(text: str) -> list[str]:
    """The words that tell a region, in full and each once: 'Kec. Cipondoh, Tangsel' ->
    ['cipondoh', 'tangerang', 'selatan']."""
    said: dict[str, None] = {}
    for token in tokens(text):
        if token in _SAID_AS:
            said.update(dict.fromkeys(_SAID_AS[token]))
        elif token not in _LEVELS:
            said[token] = None
    return list(said)
