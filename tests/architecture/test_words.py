"""What must not stand in a file of this project: other people's addresses, somebody's machine, secrets."""

import re
import subprocess

import pytest

from tests.architecture import source

# Each pattern is spelled so that it does not match itself.
FORBIDDEN = {
    "a package registry's address": r"py[p]i\.(org|python)|python[h]osted|np[m]js\.|debia[n]\.org",
    "a path of somebody's machine": r"/wor[k]/|/hom[e]/[a-z]|/Use[r]s/[a-z]|/roo[t]/",
    "a writing tool's name": r"(?i)claud[e]|anthropi[c]|chatgp[t]|opena[i]\b|copilo[t]",
    "a live secret": r"(s|r)k_liv[e]_[0-9A-Za-z]{8}|AKI[A][0-9A-Z]{12}|BEGIN (RSA |EC |)PRIVAT[E] KEY",
    "an unfinished corner": r"\b(TOD[O]|FIXM[E]|XX[X])\b",
    "markup that is not escaped": r"\|\s*saf[e]\b",
}
ELSEWHERE = ("requirements.txt", "requirements-dev.txt")  # made by a program


def tracked() -> list[str]:
    """The project's files: what git knows, or would take in."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=source.ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:  # an unpacked archive, without git
        return [source.name(path) for path in source.files()]
    return listing.stdout.split("\n")[:-1]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = []
    for name in tracked():
        path = source.ROOT / name
        if name in ELSEWHERE or not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a font
        found += [f"{name}:{text.count(chr(10), 0, hit.start()) + 1}" for hit in pattern.finditer(text)]
    assert not found, f"{what} in {', '.join(found)}"
