"""Photos: what is refused, what is taken off, what is stored."""

import struct
import time
import zlib
from io import BytesIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from storefront.core.errors import Invalid
from storefront.core.pictures import (
    BadPicture,
    avif_renditions,
    jpeg_width,
    read_picture,
    rendition_widths,
    renditions,
)

SECRET = b"SANGAT-RAHASIA"
RED, BLUE, GREEN = (200, 30, 30), (30, 30, 200), (30, 160, 30)


def encode(image, format_, **options):
    out = BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def two_colours(size=(200, 100), left=RED, right=BLUE):
    image = Image.new("RGB", size, left)
    image.paste(right, (size[0] // 2, 0, size[0], size[1]))
    return image


def near(pixel, colour, tolerance=12):
    return all(abs(a - b) <= tolerance for a, b in zip(pixel, colour, strict=True))


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_claiming(width, height):
    """A well-formed PNG of a few bytes that claims to be of this size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            chunk(b"IDAT", zlib.compress(b"")),
            chunk(b"IEND", b""),
        ]
    )


def camera_jpeg(orientation):
    """A photo as a phone writes it: turned, with place, maker, thumbnail text, XMP and a comment."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(0x8825).update({1: "S", 2: (6.0, 10.0, 30.0), 3: "E", 4: (106.0, 38.0, 12.0)})
    return encode(
        two_colours(),
        "JPEG",
        quality=95,
        exif=exif,
        comment=SECRET,
        xmp=b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>",
    )


def all_files(picture):
    return {**renditions(picture), **avif_renditions(picture)}


def test_a_turned_photo_stands_upright_and_says_nothing_of_its_maker():
    source = camera_jpeg(orientation=6)
    assert SECRET in source

    picture = read_picture(source + SECRET)

    assert (picture.width, picture.height) == (100, 200)
    assert near(picture.image.getpixel((50, 20)), RED)
    assert near(picture.image.getpixel((50, 180)), BLUE)
    for data in all_files(picture).values():
        assert SECRET not in data
        with Image.open(BytesIO(data)) as stored:
            assert not stored.getexif()
            assert not {"exif", "xmp", "icc_profile", "comment", "XML:com.adobe.xmp"} & set(stored.info)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_the_same(orientation):
    upright = two_colours((200, 100))
    upright.paste(GREEN, (0, 0, 40, 40))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    held = upright.transpose(Image.Transpose(undo[orientation])) if orientation in undo else upright
    exif = Image.Exif()
    exif[0x0112] = orientation

    picture = read_picture(encode(held, "JPEG", quality=95, exif=exif))

    assert picture.image.size == (200, 100)
    assert near(picture.image.getpixel((15, 15)), GREEN)
    assert near(picture.image.getpixel((20, 90)), RED)
    assert near(picture.image.getpixel((180, 50)), BLUE)


def test_the_texts_of_a_png_are_dropped():
    info = PngInfo()
    info.add_text("Author", SECRET.decode())
    info.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    info.add_text("Comment", SECRET.decode() * 50, zip=True)

    picture = read_picture(encode(two_colours(), "PNG", pnginfo=info) + SECRET)

    assert picture.image.info == {}
    assert all(SECRET not in data for data in all_files(picture).values())


def test_a_profile_is_applied_and_dropped():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = read_picture(encode(two_colours(), "PNG", icc_profile=profile))
    assert near(picture.image.getpixel((20, 50)), RED, tolerance=2)

    broken = read_picture(encode(two_colours(), "PNG", icc_profile=b"bukan profil"))
    assert near(broken.image.getpixel((20, 50)), RED, tolerance=2)


def test_transparency_shows_the_paper():
    image = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    image.paste((*RED, 255), (50, 0, 100, 100))
    palette = Image.new("P", (100, 100), 0)
    palette.putpalette([0, 0, 0, *RED])
    palette.paste(1, (50, 0, 100, 100))

    for source in (
        encode(image, "PNG"),
        encode(image, "WEBP", lossless=True),
        encode(palette, "PNG", transparency=0),
    ):
        picture = read_picture(source)
        assert picture.image.mode == "RGB"
        assert near(picture.image.getpixel((10, 50)), (0xFB, 0xF8, 0xF2), tolerance=2)
        assert near(picture.image.getpixel((90, 50)), RED, tolerance=2)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16"])
def test_other_kinds_of_pixels_become_rgb(mode):
    if mode == "I;16":
        image = Image.new("I;16", (64, 64), 0x8000)
    else:
        image = Image.new("RGB", (64, 64), (128, 128, 128)).convert(mode, palette=Image.Palette.ADAPTIVE)
    source = encode(image, "JPEG" if mode == "CMYK" else "PNG")

    picture = read_picture(source)

    assert picture.image.mode == "RGB"
    if mode != "1":
        assert near(picture.image.getpixel((30, 30)), (128, 128, 128), tolerance=6)
    assert renditions(picture)


def test_a_phones_double_photo_gives_its_first():
    source = encode(two_colours(), "MPO", save_all=True, append_images=[Image.new("RGB", (200, 100), GREEN)])

    assert near(read_picture(source).image.getpixel((20, 50)), RED)


def test_one_pixel_is_a_photo():
    picture = read_picture(encode(Image.new("RGB", (1, 1), RED), "PNG"))

    assert picture.tone == "#c81e1e"
    assert set(all_files(picture)) == {(1, "webp"), (1, "jpg"), (1, "avif")}


def test_a_page_hidden_in_a_photo_is_gone():
    page = b"<html><script>alert(1)</script></html>"
    source = encode(two_colours(), "JPEG", comment=page) + page

    for data in all_files(read_picture(source)).values():
        assert b"<script" not in data


def animated(format_):
    frames = [Image.new("RGB", (40, 40), colour) for colour in (RED, BLUE)]
    return encode(frames[0], format_, save_all=True, append_images=frames[1:], duration=100)


PHOTO = encode(Image.effect_noise((300, 300), 60).convert("RGB"), "JPEG")

REFUSED = {
    "empty": b"",
    "program": b"MZ\x90\x00" + bytes(500),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html": b"<!doctype html><title>foto.jpg</title>",
    "pdf": b"%PDF-1.7\n" + bytes(100),
    "gif": encode(two_colours(), "GIF"),
    "bmp": encode(two_colours(), "BMP"),
    "tiff": encode(two_colours(), "TIFF"),
    "avif": encode(two_colours(), "AVIF"),
    "moving gif": animated("GIF"),
    "moving webp": animated("WEBP"),
    "moving png": animated("PNG"),
    "cut jpeg": PHOTO[: len(PHOTO) // 2],
    "cut png": encode(Image.effect_noise((300, 300), 60), "PNG")[:9000],
    "cut webp": encode(Image.effect_noise((300, 300), 60).convert("RGB"), "WEBP")[:3000],
    "header only": PHOTO[:20],
    "strip": encode(Image.new("RGB", (700, 100)), "PNG"),
    "bomb": png_claiming(12_000, 12_000),
    "giant bomb": png_claiming(2_000_000_000, 2_000_000_000),
    "just over": png_claiming(6400, 6251),
    "text bomb": png_claiming(10, 10)[:33]
    + chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80_000_000), 9))
    + png_claiming(10, 10)[33:],
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photo_is_refused_at_once(name):
    began = time.process_time()

    with pytest.raises(BadPicture) as refused:
        read_picture(BytesIO(REFUSED[name]))

    assert time.process_time() - began < 1
    assert refused.value.message
    assert isinstance(refused.value, Invalid)
    assert refused.value.status == 422


def test_the_message_says_what_is_wrong():
    def words(name):
        with pytest.raises(BadPicture) as refused:
            read_picture(REFUSED[name])
        return refused.value.message

    assert "bukan foto" in words("svg")
    assert "40 megapiksel" in words("bomb")
    assert "40 megapiksel" in words("just over")
    assert "bergerak" in words("moving webp")
    assert "panjang" in words("strip")
    assert "rusak" in words("cut jpeg")


@settings(max_examples=200)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", PHOTO[:2], PHOTO[:200], REFUSED["bomb"][:33], b"RIFF\x40\0\0\0WEBPVP8 "]),
)
@example(b"", PHOTO)
def test_no_bytes_do_more_than_be_refused(tail, head):
    try:
        read_picture(head + tail)
    except BadPicture:
        return


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(PHOTO) - 1), st.integers(0, 255))
def test_a_flipped_byte_never_gets_through_as_an_error(position, value):
    data = bytearray(PHOTO)
    data[position] = value
    try:
        picture = read_picture(bytes(data))
    except BadPicture:
        return
    assert picture.image.mode == "RGB"


def test_widths_never_grow():
    assert rendition_widths(4000) == [360, 720, 1440]
    assert rendition_widths(1440) == [360, 720, 1440]
    assert rendition_widths(800) == [360, 720, 800]
    assert rendition_widths(500) == [360, 500]
    assert rendition_widths(300) == [300]
    assert [jpeg_width(widths) for widths in ([360, 720, 1440], [360, 500], [300])] == [720, 500, 300]


def test_a_camera_photo_is_answered_within_a_second():
    source = encode(Image.effect_noise((4000, 3000), 40).convert("RGB"), "JPEG", quality=90)
    began = time.process_time()

    files = renditions(read_picture(source))

    assert time.process_time() - began < 1.5  # half a second on a quiet core
    assert set(files) == {(360, "webp"), (720, "webp"), (1440, "webp"), (720, "jpg")}
    for (width, kind), data in files.items():
        with Image.open(BytesIO(data)) as stored:
            assert stored.size == (width, width * 3 // 4)
            assert stored.format == {"webp": "WEBP", "jpg": "JPEG"}[kind]


def test_the_tone_is_the_mean_colour():
    assert read_picture(encode(two_colours(left=(0, 0, 0), right=(255, 255, 255)), "PNG")).tone in {
        "#7f7f7f",
        "#808080",
    }
