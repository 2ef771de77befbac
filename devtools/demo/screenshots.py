"""Photographs of the demo shop for README.md: the pages as they are today, in a real browser.

A demo of its own is started on a free port in a throw-away folder; `at` takes one that runs already.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import click
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from devtools.demo import guide_pictures
from devtools.demo.people import printed
from devtools.demo.run import is_up

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "screenshots"
GUIDE = ROOT / "docs" / "panduan" / "gambar"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
BIGGEST = 150_000
PATIENCE = 600.0
"""Seconds in which the demo has to be seeded and answer."""

SHOWN = "Tas Sulam Pita Melati"
AT_THE_DESK = "LPPTNG"


@dataclass
class Camera:
    """Opens windows at the shop and keeps what they show."""

    browser: Browser
    base_url: str
    folder: Path

    def window(self, *, phone: bool) -> Page:
        """A new visitor, on a phone or at a desk."""
        context = self.browser.new_context(
            base_url=self.base_url, viewport=PHONE if phone else DESK,  # type: ignore[arg-type]
            device_scale_factor=2 if phone else 1, is_mobile=phone, has_touch=phone, locale="id-ID",
            timezone_id="Asia/Jakarta", reduced_motion="reduce",
        )  # fmt: skip
        context.set_default_timeout(30_000)
        return context.new_page()

    def signed_in(self, email: str, *, phone: bool = False) -> Page:
        """A window of one of the demo's people."""
        person = next(one for one in printed() if one.email == email)
        page = self.window(phone=phone)
        page.goto("/masuk")
        page.locator("input[name=email]").fill(person.email)
        page.locator("input[name=password]").fill(person.password)
        page.get_by_role("button", name="Masuk").click()
        page.wait_for_url(lambda address: "/masuk" not in address)
        return page

    def take(self, page: Page, name: str) -> None:
        """Keep what the window shows, once its pictures are there."""
        page.wait_for_load_state("networkidle")
        page.evaluate("Promise.all([...document.images].filter(i => !i.complete && i.loading != 'lazy')"
                      ".map(i => i.decode().catch(() => 0)))")  # fmt: skip
        size = write(page.screenshot(), self.folder / f"{name}.webp")
        click.echo(f"{name}.webp  {size:,} bytes")


def write(png: bytes, path: Path) -> int:
    """Store a picture as WebP, as good as BIGGEST allows; returns its bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(BytesIO(png)) as picture:
        for quality in (84, 76, 68, 60, 50):
            out = BytesIO()
            picture.convert("RGB").save(out, "WEBP", quality=quality, method=6)
            if out.tell() <= BIGGEST:
                break
    path.write_bytes(out.getvalue())
    return out.tell()


# --- what is shown --------------------------------------------------------------------------------


def public_pages(camera: Camera) -> None:
    """What everybody sees."""
    for phone, kind in ((True, "phone"), (False, "desk")):
        page = camera.window(phone=phone)
        page.goto("/")
        camera.take(page, f"home-{kind}")
    page = camera.window(phone=False)
    page.goto("/acara")
    page.locator("main a[href^='/acara/']").first.click()
    page.wait_for_url("**/acara/*")
    camera.take(page, "fair-desk")


def purchase(camera: Camera) -> None:
    """From a shelf to an order that is paid by card."""
    page = camera.window(phone=True)
    page.goto("/produk?q=pita+melati")
    page.get_by_role("link", name=SHOWN).first.click()
    page.wait_for_url("**/produk/*")
    camera.take(page, "product-phone")
    _add(page)
    page.goto("/produk?q=piring+lidi")
    page.get_by_role("link", name="Piring Lidi Sawit").first.click()
    page.wait_for_url("**/produk/*")
    _add(page)
    page.goto("/keranjang")
    camera.take(page, "cart-phone")
    page.get_by_label("Dikirim ke kecamatan").fill("Cipondoh, Kota Tangerang")
    page.get_by_role("button", name="Lanjut ke checkout").click()
    page.wait_for_url("**/checkout**")
    page.get_by_label("Nama penerima").fill("Siti Contoh")
    page.get_by_label("Nomor WhatsApp").fill("0812 0000 1111")
    page.get_by_label("Alamat lengkap").fill("Jl. Contoh 1 RT 2/RW 3")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    camera.take(page, "checkout-phone")
    page.get_by_role("radio", name="Kartu").check()
    page.get_by_role("button", name="Bayar Rp").click()
    page.locator("#number").fill("4242 4242 4242 4242")
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/pesanan/**")
    page.get_by_role("heading", name="Lunas").wait_for()
    camera.take(page, "order-phone")


def _add(page: Page) -> None:
    page.get_by_role("button", name="Tambah ke keranjang").first.click()
    page.get_by_role("dialog", name="Keranjang").get_by_role("listitem").first.wait_for()


def back_office(camera: Camera) -> None:
    """What the people behind the counter see."""
    staff = f"petugas.{AT_THE_DESK.lower()}@demo.example"
    page = camera.signed_in(staff)
    page.goto("/petugas")
    camera.take(page, "today-desk")
    page = camera.signed_in(staff, phone=True)
    page.goto("/petugas/produk/baru")
    camera.take(page, "product-form-phone")
    page = camera.signed_in("kanwil@demo.example")
    page.goto("/kanwil/kurasi")
    camera.take(page, "curation-desk")
    page.goto("/kanwil/pendapatan")
    camera.take(page, "revenue-desk")


TOURS: tuple[Callable[[Camera], None], ...] = (public_pages, purchase, back_office)


# --- the shop and the browser ---------------------------------------------------------------------


def shoot(at: str = "", *, guide: bool = False) -> None:
    """Take every picture, of the shop `at` this address or of a demo made for it; or those of the guide."""
    with contextlib.ExitStack() as stack:
        base_url = at or stack.enter_context(running_demo())
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        stack.callback(browser.close)
        if guide:
            guide_pictures.take_all(browser, base_url.rstrip("/"), GUIDE)
            return
        for tour in TOURS:
            tour(Camera(browser, base_url.rstrip("/"), FOLDER))


def chromium() -> str | None:
    """The browser named by CHROMIUM, the system's, or None for Playwright's own."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


@contextlib.contextmanager
def running_demo() -> Iterator[str]:
    """A demo shop in a throw-away folder, at a free port, until the block ends. Raises ClickException."""
    with tempfile.TemporaryDirectory(prefix="shop-pictures-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        settings = {"INSTANCE_DIR": folder, "PORT": str(port), "DATABASE_URL": "", "PUBLIC_BASE_URL": ""}
        demo = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "run"],
            cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _wait_for(port, demo)
            yield f"http://127.0.0.1:{port}"
        finally:
            demo.terminate()
            demo.wait(timeout=40)


def _wait_for(port: int, demo: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and demo.poll() is None:
        if is_up(port):
            return
        time.sleep(0.5)
    raise click.ClickException("the demo did not start; see above")
