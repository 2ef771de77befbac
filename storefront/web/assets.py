"""Static files: bundled where a manifest says so, under an address that changes with the content.

All files share one build hash (`/static/<build>/js/cart.js`), so that modules and stylesheets can
point at each other by relative paths and every one of them may be kept for ever.
"""

import hashlib
import mimetypes
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, current_app, request

from storefront.web.squeeze import ENCODINGS, accepted, lean_css, lean_js, press

IMMUTABLE = "public, max-age=31536000, immutable"
COMPRESSIBLE = {".css", ".js", ".svg", ".txt", ".json", ".wasm", ".webmanifest", ".rules"}
VENDORED = "vendor/"
"""What others wrote goes out as it came, byte for byte: its licence and its checksum stay true."""
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("image/avif", ".avif")
mimetypes.add_type("image/webp", ".webp")
mimetypes.add_type("application/wasm", ".wasm")
mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("application/speculationrules+json", ".rules")


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    mimetype: str
    squeezed: dict[str, bytes]


def _asset(name: str, body: bytes, ways: tuple[str, ...]) -> Asset:
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    ways = ways if Path(name).suffix in COMPRESSIBLE else ()
    return Asset(body, mimetype, {way: press(body, way) for way in ways})


def _bundle(folder: Path, manifest: Path) -> bytes:
    """Join the files that a manifest lists, one path per line, in order."""
    names = [line.strip() for line in manifest.read_text().splitlines()]
    parts = [(folder / name).read_text() for name in names if name and not name.startswith("#")]
    return "".join(map(lean_css, parts)).encode()


@lru_cache(maxsize=4)
def _read(folder: Path, ways: tuple[str, ...], _stamp: float) -> tuple[dict[str, Asset], str]:
    """The files of a folder by name, and the hash of them all; a `<name>.manifest` makes a bundle.

    `_stamp` says when the folder last changed, so that an edited one is read again.
    """
    files: dict[str, Asset] = {}
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        body = path.read_bytes()
        if path.suffix == ".manifest":
            bundle = name.removesuffix(".manifest")
            name = bundle if bundle.endswith(".css") else f"{bundle}.css"
            body = _bundle(folder, path)
        elif path.suffix == ".js" and not name.startswith(VENDORED):
            body = lean_js(body.decode()).encode()
        digest.update(name.encode() + b"\0" + body)
        files[name] = _asset(name, body, ways)
    return files, digest.hexdigest()[:12]


class Assets:
    """The static folder in memory, with the hash of all of it; pressed in advance in the ways named."""

    def __init__(self, folder: Path, ways: tuple[str, ...] = ENCODINGS) -> None:
        self.folder = folder
        self.ways = ways
        self.load()

    def load(self) -> None:
        """Read the folder, unless it is still as it was when somebody in this process last did."""
        self.stamp = self._newest()
        self.files, self.build = _read(self.folder, self.ways, self.stamp)

    def refresh(self) -> None:
        """Development only: read again when a file changed."""
        if self._newest() != self.stamp:
            self.load()

    def url(self, name: str) -> str:
        """The address of a file. Raises KeyError for a file that is not there."""
        if name not in self.files:
            raise KeyError(f"no static file {name}")
        return f"/static/{self.build}/{name}"

    def _newest(self) -> float:
        return max(_times(self.folder), default=0.0)


def _times(folder: Path | str) -> Iterator[float]:
    """When the files and folders inside were last changed; a request of a developer waits for it."""
    with os.scandir(folder) as entries:
        for entry in entries:
            yield entry.stat().st_mtime
            if entry.is_dir():
                yield from _times(entry.path)


def _serve(name: str) -> Response:
    assets: Assets = current_app.extensions["assets"]
    build, _, rest = name.partition("/")
    found = (
        assets.files.get(rest) if build == assets.build else assets.files.get(name) or assets.files.get(rest)
    )
    if found is None:
        abort(404)
    way = accepted(request)
    response = Response(found.squeezed.get(way or "", found.body), mimetype=found.mimetype)
    if way in found.squeezed:
        response.headers["Content-Encoding"] = way
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = IMMUTABLE if build == assets.build else "public, max-age=300"
    return response


def init_app(app: Flask) -> None:
    """Serve the static folder and give templates `asset(name)`."""
    # Whoever edits a file wants to see it at once, not small.
    assets = Assets(Path(app.root_path).parent / "static", () if app.debug else ENCODINGS)
    app.extensions["assets"] = assets
    app.add_url_rule("/static/<path:name>", "static", _serve)
    app.jinja_env.globals["asset"] = assets.url
    if app.debug:
        app.before_request(assets.refresh)
