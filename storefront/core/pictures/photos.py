"""Photos people send, made safe and small.

Nothing of the file that came in is stored: pixels are decoded, turned upright, brought to sRGB and
encoded anew, so that places, names, thumbnails and whatever else hid in it stay behind.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageCms, UnidentifiedImageError

from storefront.core.errors import Invalid
from storefront.core.language import _, lazy
from storefront.core.pictures.frames import WHOLE, Frame

MAX_PIXELS = 40_000_000
MAX_RATIO = 6
"""Longer side to shorter side. WebP ends at 16,383 pixels, and so does the use of a photo."""

WIDTHS = (360, 720, 1440)
JPEG_WIDTH = 720
"""The one width that old programs and link previews get as JPEG."""

BACKGROUND = (0xFB, 0xF8, 0xF2)
"""What shows through a transparent picture: the paper colour of the shop, #FBF8F2."""

FORMATS = ("JPEG", "PNG", "WEBP")

_FINE, _CARD = 58, 50
"""AVIF's quality. The smallest width stands on cards, two pixels to a point, where nobody sees a difference,
and is the first thing that a list makes a phone wait for."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_QUARTERS = {
    90: Image.Transpose.ROTATE_270,  # Pillow turns against the clock
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
ALL = Frame()
_ORIENTATION = 0x0112
_SIDEWAYS = {5, 6, 7, 8}

# Header chunks are read before our own check of the size; Pillow refuses there beyond twice this.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class BadPicture(Invalid, ValueError):
    """A file that is no photo we accept; the message says what to send instead."""

    def __init__(self, message: str) -> None:
        super().__init__({"": message})


@dataclass(frozen=True)
class Picture:
    """A clean photo: upright RGB without metadata, no wider than the largest rendition.

    `width` and `height` are those of `image` in pixels; `tone` is its mean colour, '#rrggbb'.
    """

    image: Image.Image
    tone: str

    @property
    def width(self) -> int:
        return self.image.width

    @property
    def height(self) -> int:
        return self.image.height


def read_picture(source: bytes | BinaryIO, frame: Frame = ALL) -> Picture:
    """Decode a JPEG, PNG or WebP of at most 40 megapixels, and of it what `frame` cuts out.

    Raises BadPicture for every other file: wrong kinds, broken or cut ones, animations, bombs.
    """
    data = source if isinstance(source, bytes) else source.read()
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as opened:
            _check(opened)
            image = _decode(opened, frame)
    except BadPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicture(_TOO_LARGE) from error
    except UnidentifiedImageError as error:
        raise BadPicture(_("Berkas ini bukan foto. Kirim foto JPG, PNG, atau WebP.")) from error
    except Exception as error:  # decoders of hostile bytes raise whatever they like
        raise BadPicture(
            _("Foto ini rusak atau tidak lengkap. Coba simpan ulang, lalu kirim lagi.")
        ) from error
    return Picture(image, _tone(image))


def rendition_widths(width: int, widths: Sequence[int] = WIDTHS) -> list[int]:
    """The widths to store of a picture this wide: never more pixels than it has.

    800 -> [360, 720, 800]; 300 -> [300]; 4000 -> [360, 720, 1440].
    """
    largest = min(width, max(widths))
    return sorted({*(w for w in widths if w < largest), largest})


def jpeg_width(widths: Sequence[int]) -> int:
    """Which of the stored widths is there as JPEG too: 720, or the smaller original."""
    return max((w for w in widths if w <= JPEG_WIDTH), default=min(widths))


def renditions(picture: Picture, widths: Sequence[int] = WIDTHS) -> dict[tuple[int, str], bytes]:
    """What a request stores at once: WebP in each width and one JPEG. Keys are (width, 'webp'|'jpg')."""
    files: dict[tuple[int, str], bytes] = {}
    stored = rendition_widths(picture.width, widths)
    for width, image in _sizes(picture, stored):
        files[width, "webp"] = _encode(image, "WEBP", quality=80, method=3)
        if width == jpeg_width(stored):
            files[width, "jpg"] = _encode(image, "JPEG", quality=82, optimize=True, progressive=True)
    return files


def avif_renditions(picture: Picture, widths: Sequence[int] = WIDTHS) -> dict[tuple[int, str], bytes]:
    """The smaller but slower AVIF files, for the outbox. Keys are (width, 'avif')."""
    stored = rendition_widths(picture.width, widths)
    return {
        (width, "avif"): _encode(
            image, "AVIF", quality=_CARD if width <= widths[0] else _FINE, speed=8, max_threads=1
        )
        for width, image in _sizes(picture, stored)
    }


_TOO_LARGE = lazy("Foto ini terlalu besar. Kirim foto dengan paling banyak 40 megapiksel.")


def _check(opened: Image.Image) -> None:
    """Refuse by the header alone, before a single pixel is decoded."""
    width, height = opened.size
    if width * height > MAX_PIXELS:
        raise BadPicture(_TOO_LARGE)
    if max(width, height) > MAX_RATIO * min(width, height):
        raise BadPicture(_("Foto ini terlalu panjang dan sempit. Potong dulu, lalu kirim lagi."))
    # Phones save JPEG with a second picture in it (MPO: depth, HDR); its first one is the photo.
    if opened.format != "MPO" and getattr(opened, "is_animated", False):
        raise BadPicture(_("Gambar bergerak tidak dapat dipakai. Kirim foto biasa."))


def _decode(opened: Image.Image, frame: Frame) -> Image.Image:
    """Decode no more than the largest rendition needs; give back upright plain RGB."""
    orientation = _orientation(opened)
    sideways = orientation in _SIDEWAYS
    width, height = opened.size[::-1] if sideways else opened.size
    target = _target(width, height, frame)
    if sideways:
        target = target[::-1]
    profile = opened.info.get("icc_profile")
    opened.draft("RGB", target)  # JPEG only: decodes at 1/2, 1/4, 1/8 in a fraction of the time
    opened.load()
    image = _eight_bit(opened)
    if image.size != target:
        image = image.resize(target, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if orientation in _TURNS:
        image = image.transpose(_TURNS[orientation])
    image = _cut(_flatten(_to_srgb(image, profile), image), frame)
    plain = Image.new("RGB", image.size)  # a fresh image carries nothing of the file along
    plain.paste(image)
    return plain


def _target(width: int, height: int, frame: Frame) -> tuple[int, int]:
    """The size at which the upright photo is needed for its cut to be as wide as the largest rendition."""
    seen = (height if frame.turn in {90, 270} else width) * frame.w / WHOLE
    scale = min(1.0, WIDTHS[-1] / seen)
    if frame == ALL:
        return min(width, WIDTHS[-1]), max(1, round(height * scale))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _cut(image: Image.Image, frame: Frame) -> Image.Image:
    """The turned and cropped photo, no wider than the largest rendition."""
    if frame == ALL:
        return image
    if frame.turn:
        image = image.transpose(_QUARTERS[frame.turn])
    image = image.crop(frame.box(*image.size))
    if max(image.size) > MAX_RATIO * min(image.size):
        raise BadPicture(_("Potongan ini terlalu panjang dan sempit."))
    if image.width > WIDTHS[-1]:
        height = max(1, round(image.height * WIDTHS[-1] / image.width))
        image = image.resize((WIDTHS[-1], height), Image.Resampling.LANCZOS)
    return image


def _orientation(opened: Image.Image) -> int:
    """How the camera was held; 1 (upright) when the file does not say it readably."""
    with suppress(Exception):
        return int(opened.getexif().get(_ORIENTATION, 1))
    return 1


def _eight_bit(image: Image.Image) -> Image.Image:
    """A mode that can be resized and converted without losing tones or transparency."""
    if image.mode.startswith("I"):  # 16-bit grey: Pillow would cut off everything above 255
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in {"L", "RGB", "CMYK"} else image.convert("RGB")


def _to_srgb(image: Image.Image, profile: object) -> Image.Image:
    """Translate the colours of the file's own profile; an unreadable profile is ignored."""
    if isinstance(profile, bytes) and image.mode != "L":
        pixels = image.convert("RGB") if image.mode == "RGBA" else image
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            translated = ImageCms.profileToProfile(
                pixels, own, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            if translated is not None:
                return translated
    return image.convert("RGB")


def _flatten(colours: Image.Image, original: Image.Image) -> Image.Image:
    """Lay a picture with transparency on the shop's paper colour."""
    if original.mode != "RGBA":
        return colours
    paper = Image.new("RGB", colours.size, BACKGROUND)
    paper.paste(colours, mask=original.getchannel("A"))
    return paper


def _tone(image: Image.Image) -> str:
    pixel = image.resize((1, 1), Image.Resampling.BOX).tobytes()
    return f"#{pixel.hex()}"


def _sizes(picture: Picture, widths: Sequence[int]) -> list[tuple[int, Image.Image]]:
    """The picture at each width, each made from the next larger one: quick, and as sharp."""
    sizes = []
    image = picture.image
    for width in sorted(widths, reverse=True):
        if width != image.width:
            height = max(1, round(picture.height * width / picture.width))
            image = image.resize((width, height), Image.Resampling.LANCZOS)
        sizes.append((width, image))
    return sizes


def _encode(image: Image.Image, format_: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()
