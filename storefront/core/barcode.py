"""Code 128, the bars that couriers' scanners read (ISO/IEC 15417), as SVG."""

_WIDTHS = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222"
    "123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321"
    "232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121"
    "313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224"
    "111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111"
    "111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113"
    "114311411113411311113141114131311141411131211412211214211232"
)
_BARS = [_WIDTHS[start : start + 6] for start in range(0, len(_WIDTHS), 6)] + ["2331112"]
"""Widths of bar, gap, bar, … of each value, the stop last."""
_START_B, _STOP = 104, 106
QUIET = 10
"""White on either side, in widths of the thinnest bar."""


def svg(text: str, *, height: int = 40) -> bytes:
    """Draw a text of printable ASCII in code set B; black on white, without inline styles.

    Raises ValueError for anything else.
    """
    if not text or not all(32 <= ord(letter) < 127 for letter in text):
        raise ValueError("Code 128 B holds printable ASCII")
    values = [ord(letter) - 32 for letter in text]
    check = (_START_B + sum(place * value for place, value in enumerate(values, start=1))) % 103
    left, bars = QUIET, []
    for value in (_START_B, *values, check, _STOP):
        for place, digit in enumerate(_BARS[value]):
            if place % 2 == 0:
                bars.append(f'<rect x="{left}" width="{digit}" height="{height}"/>')
            left += int(digit)
    width = left + QUIET
    ground = f'<rect width="{width}" height="{height}" fill="#fff"/>'
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{ground}{"".join(bars)}</svg>'.encode()
