"""Turning and cropping as arithmetic, and as pixels."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from storefront.core.pictures import BadPicture, Frame, read_picture
from storefront.core.pictures.frames import SMALLEST, WHOLE

TURNS = st.sampled_from([0, 90, 180, 270])


@st.composite
def stretches(draw: st.DrawFn, least: int = 1) -> tuple[int, int]:
    """Where something begins and how long it is, in per mille."""
    size = draw(st.integers(least, WHOLE))
    return draw(st.integers(0, WHOLE - size)), size


@st.composite
def frames(draw: st.DrawFn) -> Frame:
    """Any frame that can be."""
    (x, w), (y, h) = draw(stretches(SMALLEST)), draw(stretches(SMALLEST))
    return Frame(draw(TURNS), x, y, w, h)


@given(frames(), st.integers(-8, 8))
def test_four_quarters_are_nothing_and_turns_add_up(frame: Frame, quarters: int) -> None:
    assert frame.turned(4) == frame
    assert frame.turned(quarters).turned(-quarters) == frame
    assert frame.turned(1).turned(1) == frame.turned(2)
    assert sorted((frame.turned(1).w, frame.turned(1).h)) == sorted((frame.w, frame.h))


@given(frames(), stretches(), stretches())
def test_a_cut_stays_inside_of_what_was_seen(
    frame: Frame, across: tuple[int, int], down: tuple[int, int]
) -> None:
    cut = frame.cut(across[0], down[0], across[1], down[1])
    assert frame.x <= cut.x
    assert frame.y <= cut.y
    assert cut.x + cut.w <= frame.x + frame.w
    assert cut.y + cut.h <= frame.y + frame.h
    assert frame.cut(0, 0, WHOLE, WHOLE) == frame


@given(frames(), st.integers(1, 8000), st.integers(1, 8000))
def test_pixels_of_a_frame_are_pixels_of_the_photo(frame: Frame, width: int, height: int) -> None:
    left, upper, right, lower = frame.box(width, height)
    assert 0 <= left < right <= width
    assert 0 <= upper < lower <= height
    assert abs((right - left) - frame.w * width / WHOLE) <= 2
    assert Frame().box(width, height) == (0, 0, width, height)


@pytest.mark.parametrize(
    "parts", [(45, 0, 0, 1000, 1000), (0, 1, 0, 1000, 1000), (0, 0, 0, SMALLEST - 1, 1000), (0, -1, 0, 9, 9)]
)
def test_what_is_no_frame_is_refused(parts: tuple[int, int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="not a frame"):
        Frame(*parts)
    with pytest.raises(ValueError, match="not inside"):
        Frame().cut(500, 0, 501, 10)


def quarters(orientation: int = 1, size: tuple[int, int] = (800, 600)) -> bytes:
    """A photo whose upright quarters are red and green above, blue and white below."""
    width, height = size
    image = Image.new("RGB", size, "white")
    for colour, x, y in (("red", 0, 0), ("green", width // 2, 0), ("blue", 0, height // 2)):
        image.paste(colour, (x, y, x + width // 2, y + height // 2))
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = image.transpose(Image.Transpose.ROTATE_90) if orientation == 6 else image
    out = BytesIO()
    stored.save(out, "JPEG", quality=95, exif=exif)
    return out.getvalue()


def corner(image: Image.Image, x: float, y: float) -> str:
    """The colour at a place, in shares of width and height, by its name."""
    red, green, blue = image.getpixel((int(image.width * x), int(image.height * y)))
    names = {(1, 0, 0): "red", (0, 1, 0): "green", (0, 0, 1): "blue", (1, 1, 1): "white"}
    return names[tuple(int(value > 100) for value in (red, green, blue))]  # type: ignore[index]


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_frame_shows_the_same_pixels_however_the_camera_was_held(orientation: int) -> None:
    data = quarters(orientation)
    turned = read_picture(data, Frame().turned(1)).image
    assert turned.size == (600, 800)
    assert [corner(turned, x, y) for y in (0.2, 0.8) for x in (0.2, 0.8)] == ["blue", "red", "white", "green"]
    cut = read_picture(data, Frame().cut(550, 50, 400, 400)).image
    assert {corner(cut, x, y) for x in (0.1, 0.9) for y in (0.1, 0.9)} == {"green"}
    both = read_picture(data, Frame().turned(1).cut(550, 50, 400, 400)).image
    assert {corner(both, x, y) for x in (0.1, 0.9) for y in (0.1, 0.9)} == {"red"}


def test_a_cut_of_a_large_photo_is_as_sharp_as_it_can_be_and_no_ribbon() -> None:
    data = quarters(size=(4000, 3000))
    assert read_picture(data, Frame(0, 0, 0, 500, 500)).width == 1440
    assert read_picture(data, Frame(0, 0, 0, 200, 200)).width == 800
    with pytest.raises(BadPicture):
        read_picture(data, Frame(0, 0, 0, 1000, 100))
