"""What others wrote lies in static/vendor as they published it, and docs/vendored.md says whence."""

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "static" / "vendor"
ROW = re.compile(r"^\| `([^`]+)` \| (.+) \| `([0-9a-f]{64})` \|$", re.MULTILINE)
WRITTEN = {name: sha for name, _whence, sha in ROW.findall((ROOT / "docs" / "vendored.md").read_text())}


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_file_is_written_down_with_its_checksum():
    there = {path.relative_to(FOLDER).as_posix(): sha(path) for path in FOLDER.rglob("*") if path.is_file()}
    assert there == WRITTEN


def test_every_folder_has_its_licence():
    folders = {path.parent for path in FOLDER.rglob("*") if path.is_file()}
    assert all((folder / "LICENSE.txt").is_file() for folder in folders)


def test_it_goes_out_as_it_came(app, client, db):
    client.lint = False
    for name, checksum in WRITTEN.items():
        answer = client.get(
            app.extensions["assets"].url(f"vendor/{name}"), headers={"Accept-Encoding": "identity"}
        )
        assert hashlib.sha256(answer.data).hexdigest() == checksum
    assert client.get("/static/vendor/zxing-wasm/zxing_reader.wasm").mimetype == "application/wasm"


def test_the_reader_and_its_code_belong_together_and_build_nothing_from_text():
    """The worker's policy allows WebAssembly, not eval: a newer version that needs it would only fail."""
    script = (FOLDER / "zxing-wasm" / "reader.js").read_text()
    assert sha(FOLDER / "zxing-wasm" / "zxing_reader.wasm") in script
    assert not re.search(r"\beval\(|new Function", script)
