"""Photos to send: made on the spot."""

from io import BytesIO
from typing import Any

from PIL import Image


def photo(width: int = 640, height: int = 800, kind: str = "JPEG", colour: str = "#b07a3c") -> bytes:
    """The bytes of a photo in one colour."""
    out = BytesIO()
    Image.new("RGB", (width, height), colour).save(out, kind)
    return out.getvalue()


def large_photo() -> bytes:
    """A photo of 12 megapixels with something to see, as a phone takes it.

    Small in bytes: the test client writes larger forms to a file that it never closes.
    """
    gradient = Image.linear_gradient("L").resize((3000, 4000))
    noise = Image.effect_noise((60, 80), 40).resize((3000, 4000))
    out = BytesIO()
    Image.merge("RGB", (gradient, noise, gradient.rotate(180))).save(out, "JPEG", quality=30)
    return out.getvalue()


def upload(name: str = "tas.jpg", content: bytes | None = None) -> tuple[Any, str]:
    """A file as the test client sends it."""
    return BytesIO(photo() if content is None else content), name
