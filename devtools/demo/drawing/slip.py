"""A slip of a bank transfer that nobody made: what an officer of the demo sees as a proof."""

from PIL import Image, ImageDraw, ImageFont

LINES = (
    ("Bank Contoh", 40, (31, 84, 72)),
    ("Transfer berhasil (CONTOH)", 30, (40, 40, 40)),
    ("", 20, (0, 0, 0)),
    ("Ke: Koperasi Contoh (DEMO)", 26, (70, 70, 70)),
    ("Rekening: 000-123-456", 26, (70, 70, 70)),
    ("Jumlah: sesuai tagihan, dengan kode unik", 26, (70, 70, 70)),
    ("", 20, (0, 0, 0)),
    ("Gambar ini dibuat untuk demo.", 24, (130, 60, 60)),
    ("Tidak ada uang yang berpindah.", 24, (130, 60, 60)),
)


def transfer_slip() -> Image.Image:
    """The picture."""
    paper = Image.new("RGB", (720, 900), (228, 232, 230))
    pen = ImageDraw.Draw(paper)
    pen.rounded_rectangle((40, 60, 680, 840), radius=24, fill=(255, 255, 255))
    pen.ellipse((310, 110, 410, 210), fill=(31, 134, 106))
    pen.line([(336, 162), (354, 182), (388, 140)], fill=(255, 255, 255), width=10, joint="curve")
    top = 270
    for text, size, colour in LINES:
        pen.text((360, top), text, font=ImageFont.load_default(size), fill=colour, anchor="mm")
        top += size + 26
    return paper
