"""A real browser: Chromium, phone-sized unless a test wants an office PC, cut off from the network."""

import contextlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.support import slow

PHONE = {"width": 360, "height": 800}
OFFICE = {"width": 1280, "height": 900}
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The one without a window of its own comes first: it draws the same pages for less than half the work."""
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
FLAGS = (
    "--no-sandbox",  # root, and containers without user namespaces
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
PATIENCE = 90_000 if "processor" in slow.KINDS else 30_000
"""Milliseconds until a window counts as stuck. No test asks how fast: a busy machine is not a bug."""
expect.set_options(timeout=PATIENCE)
MISSING = (
    "The browser tests need Chromium. On Debian and Ubuntu: sudo apt-get install chromium; elsewhere: "
    "`.venv/bin/playwright install chromium`. One at another place is named by the variable CHROMIUM."
)


def find_chromium(bundled: str = "") -> str | None:
    """Return Chromium's path: the one named by CHROMIUM, the system's, or Playwright's own."""
    if chosen := os.environ.get("CHROMIUM"):
        return chosen if Path(chosen).exists() else None
    candidates = [*(shutil.which(name) for name in NAMES), *APPLICATIONS, bundled]
    return next((path for path in candidates if path and Path(path).exists()), None)


@contextlib.contextmanager
def running() -> Iterator[Browser]:
    """Run one browser until the block ends. Raises RuntimeError saying what to install."""
    with sync_playwright() as playwright:
        path = find_chromium(playwright.chromium.executable_path)
        if path is None:
            raise RuntimeError(MISSING)
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


class Windows:
    """Opens browser windows at the shop and remembers what went wrong in them."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self.browser = browser
        self.base_url = base_url
        self.contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    def open(self, *, javascript: bool = True, size: dict[str, int] | None = None, **options: Any) -> Page:
        """Open a window of a new visitor; addresses in it may be paths ("/produk").

        Unless the test asks for motion, the visitor wants none: nothing is clicked while it slides.
        """
        phone = size in (None, PHONE)
        context = self.browser.new_context(
            base_url=self.base_url,
            viewport=size or PHONE,  # type: ignore[arg-type]
            is_mobile=phone,
            has_touch=phone,
            java_script_enabled=javascript,
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            **({"reduced_motion": "reduce"} | options),
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        slow.throttle(page)
        page.on("pageerror", self._fail)
        page.on("console", self._listen)
        return page

    def _fail(self, error: object) -> None:
        self.faults.append(f"script error: {error}")

    def _listen(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.faults.append(message.text)

    def close(self) -> None:
        """Close every window."""
        for context in self.contexts:
            context.close()


def overflow(page: Page) -> int:
    """Return by how many pixels a page is wider than its window; 0 is what we want."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def wait_until(page: Page, function: str) -> None:
    """Wait until a function in the page says yes.

    Playwright's own `wait_for_function` asks by eval, which the shop's policy refuses the second time.
    """
    until = time.monotonic() + PATIENCE / 1000
    while not page.evaluate(function):
        assert time.monotonic() < until, f"never: {function}"
        page.wait_for_timeout(50)


def put_in_the_cart(page: Page) -> None:
    """Add the product of this page; with script its answer is a drawer, without it is the cart."""
    page.get_by_role("button", name="Tambah ke keranjang").first.click()
    onward = page.get_by_role("link", name="Lihat keranjang")
    onward.or_(page.get_by_role("heading", name="Keranjang", level=1)).first.wait_for()
    if not page.url.endswith("/keranjang"):
        onward.click()
    page.wait_for_url("**/keranjang")
