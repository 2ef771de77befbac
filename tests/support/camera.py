"""A camera for the browser: a film of pictures with codes, shown over and over."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import zxingcpp
from PIL import Image
from playwright.sync_api import Browser

from storefront.core import qr
from tests.support.browser import FLAGS, find_chromium

SIZE = (640, 480)
ASKED = "--use-fake-ui-for-media-stream"
"""Whoever is asked for the camera says yes, or with `=deny` no."""


def square(text: str) -> Image.Image:
    """A parcel's code as its papers carry it."""
    return Image.open(io.BytesIO(qr.png(text, scale=8))).convert("L")


def bars(text: str) -> Image.Image:
    """A courier's barcode (Code 128)."""
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128).to_image(scale=2)
    return Image.fromarray(drawn).convert("L")


def scene(*codes: Image.Image) -> Image.Image:
    """What lies before the camera: grey paper, and the codes one below the other."""
    picture, top = Image.new("L", SIZE, 200), 20
    for code in codes:
        code.thumbnail((560, 440 // len(codes)))
        picture.paste(code, ((SIZE[0] - code.width) // 2, top))
        top += code.height + 20
    return picture


def film(path: Path, scenes: Iterable[Image.Image], *, seconds: int = 2) -> Path:
    """Write scenes as an uncompressed film, each to be seen for a while."""
    with path.open("wb") as out:
        out.write(b"YUV4MPEG2 W%d H%d F5:1 Ip A1:1 C420jpeg\n" % SIZE)
        for picture in scenes:
            out.write((b"FRAME\n" + picture.tobytes() + b"\x80" * (SIZE[0] * SIZE[1] // 2)) * 5 * seconds)
    return path


@contextmanager
def filming(browser: Browser, film: Path | None, *, allowed: bool = True) -> Iterator[Browser]:
    """A browser with a film for a camera; without one it has none. Not `allowed`: the site may not use it."""
    flags = [*FLAGS, ASKED if allowed else f"{ASKED}=deny"]
    if film is not None:
        flags += ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    own = browser.browser_type.launch(executable_path=find_chromium(), args=flags)
    try:
        yield own
    finally:
        own.close()
