"""Thirty photos of 12 megapixels sent at once: what other pages and the memory do meanwhile.

    .venv/bin/python -m bench.uploads [http://127.0.0.1:8000] [e-mail] [password] [server's process id]

Sends what the script in the browser sends, waits when it is told to, and says how long pages took.
"""

import http.client
import re
import sys
import threading
import time
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from PIL import Image

PHOTOS = 30
TRIES = 200


def photo(number: int) -> bytes:
    """A photo of 12 megapixels with something to see, about as large as from a phone."""
    light = Image.linear_gradient("L").resize((4000, 3000))
    grain = Image.effect_noise((1000, 750), 30 + number).resize((4000, 3000))
    out = BytesIO()
    Image.merge("RGB", (light, grain, light.rotate(180))).save(out, "JPEG", quality=90)
    return out.getvalue()


class Visitor:
    """Somebody with a cookie."""

    def __init__(self, base: str, cookie: str = "") -> None:
        self.host, self.cookie = urlsplit(base).netloc, cookie

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, str, http.client.HTTPMessage]:
        """One request on a connection of its own: status, text and headers."""
        connection = http.client.HTTPConnection(self.host, timeout=120)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named | ({"Cookie": self.cookie} if self.cookie else {}))
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            if given := answer.headers.get_all("Set-Cookie"):
                self.cookie = "; ".join(one.split(";")[0] for one in given)
            return answer.status, text, answer.headers
        finally:
            connection.close()

    def token(self, path: str) -> str:
        """The token of the forms on a page."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.ask("GET", path)[1])
        return found[1] if found else ""


def send(visitor: Visitor, token: str, data: bytes) -> tuple[int, int, float]:
    """Send one photo until it is taken: last status, how often it was told to wait, seconds."""
    edge = "kartu-foto-bench"
    head = "".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("csrf_token", token), ("checked", "yes"))
    )
    head += f'--{edge}\r\nContent-Disposition: form-data; name="photos"; filename="f.jpg"\r\n\r\n'
    body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
    begun, waits, status = time.monotonic(), 0, 0
    for _ in range(TRIES):
        kind = f"multipart/form-data; boundary={edge}"
        sender = Visitor(f"http://{visitor.host}", visitor.cookie)
        status, _text, headers = sender.ask(
            "POST", "/petugas/produk/foto", body, Content_Type=kind, Accept="application/json"
        )
        if status not in {429, 503}:
            break
        waits += 1
        time.sleep(int(headers.get("Retry-After", "2")))
    return status, waits, time.monotonic() - begun


def resident(pids: list[int]) -> float:
    """Megabytes of memory that processes hold."""
    total = 0
    for pid in pids:
        lines = Path(f"/proc/{pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+)", lines)
        total += int(found[1]) if found else 0
    return total / 1024


def family(pid: int) -> list[int]:
    """A process and everything that it started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += family(int(child))
    return found


def main(base: str, email: str, password: str, pid: int) -> None:
    """Sign in, send thirty photos at once, look at pages meanwhile, print the figures."""
    staff = Visitor(base)
    form = {"csrf_token": staff.token("/masuk"), "email": email, "password": password}
    staff.ask("POST", "/masuk", urlencode(form).encode(), Content_Type="application/x-www-form-urlencoded")
    token, photos = staff.token("/petugas/produk/baru"), [photo(number) for number in range(3)]
    before = most = resident(family(pid))
    results: list[tuple[int, int, float]] = []
    senders = [
        threading.Thread(target=lambda n=n: results.append(send(staff, token, photos[n % 3])))
        for n in range(PHOTOS)
    ]
    begun = time.monotonic()
    for sender in senders:
        sender.start()
    pages: list[float] = []
    asked_for = [("", path) for path in ("/", "/produk", "/lapas")]
    asked_for += [(staff.cookie, path) for path in ("/petugas/pesanan", "/petugas/produk")]
    while any(sender.is_alive() for sender in senders):
        for who, path in asked_for:
            asked = time.monotonic()
            status, _text, _headers = Visitor(base, who).ask("GET", path)
            pages.append(time.monotonic() - asked)
            assert status == 200, (path, status)
        most = max(most, resident(family(pid)))
        time.sleep(0.05)
    pages.sort()
    print(f"photos: {PHOTOS} of {len(photos[0]) / 1e6:.1f} MB; taken {sum(r[0] == 200 for r in results)}")
    print(f"all in {time.monotonic() - begun:.1f} s; slowest {max(r[2] for r in results):.1f} s")
    print(f"told to wait: {sum(r[1] for r in results)} times")
    told = {"median": 0.5, "p95": 0.95, "slowest": 1.0}
    figures = {name: pages[min(len(pages) - 1, int(len(pages) * share))] for name, share in told.items()}
    print(f"pages meanwhile: {len(pages)}", *(f"{name} {one * 1000:.0f} ms" for name, one in figures.items()))
    print(f"memory of the server: {before:.0f} MB before, at most {most:.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
