"""Is everything said in every language? `flask translations check [part of a path …]`."""

import re
from collections import Counter
from dataclasses import dataclass, field

import click
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from flask.cli import AppGroup

from devtools.translations.said import ROOT, Key, forgotten, marked, sources
from storefront.core.language import LANGUAGES, SOURCE

group = AppGroup("translations", help="Apa yang belum diterjemahkan.")
_PLACE = re.compile(r"%\((\w+)\)s")


@dataclass
class Report:
    """What is wrong, in lines to read."""

    unmarked: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """All findings, each with its kind in front."""
        kinds = vars(self).items()
        return [f"{kind}: {line}" for kind, found in kinds for line in found]


def check(parts: tuple[str, ...] = ()) -> Report:
    """Compare the sources with the catalogues; `parts` limits what is reported on to some files."""
    report = Report()
    said: dict[Key, bool] = {}
    known = {wanted: translated(wanted) for wanted in LANGUAGES.keys() - {SOURCE}}
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        keys = marked(path)
        said |= keys
        if not parts or any(part in name for part in parts):
            report.unmarked += [f"{name}: {text}" for text in forgotten(path)]
            for wanted, entries in known.items():
                report.missing += [f"{wanted} {name}: {key[1]}" for key in keys if key not in entries]
    for wanted, entries in known.items():
        report.unused += [f"{wanted}: {key[1]}" for key in entries if key not in said]
        report.wrong += _faults(wanted, said)
    return report


def translated(wanted: str) -> dict[Key, Message]:
    """All finished entries of a language."""
    entries: dict[Key, Message] = {}
    for path in sorted((ROOT / "translations" / wanted).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=wanted, abort_invalid=True):
                if message.id and message.string and not message.fuzzy and all(_strings(message)):
                    entries[(message.context or "", _text(message))] = message
    return entries


def _faults(wanted: str, said: dict[Key, bool]) -> list[str]:
    """Entries that say a thing twice, lose a value, or have no plural where a number is counted."""
    seen: Counter[Key] = Counter()
    faults = []
    for path in sorted((ROOT / "translations" / wanted).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=wanted, abort_invalid=True):
                if not message.id:
                    continue
                key = (message.context or "", _text(message))
                seen[key] += 1
                places = set(_PLACE.findall(key[1]))
                if any(set(_PLACE.findall(text)) - places for text in _strings(message)):
                    faults.append(f"{path.name}: other values than the source: {key[1]}")
                elif places - {"n"} - set(_PLACE.findall(" ".join(_strings(message)))):
                    faults.append(f"{path.name}: a value is lost: {key[1]}")
                if said.get(key) != isinstance(message.id, tuple | list) and key in said:
                    faults.append(f"{path.name}: counted here, not there: {key[1]}")
    return faults + [f"twice: {key[1]}" for key, times in seen.items() if times > 1]


def _text(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _strings(message: Message) -> list[str]:
    words = message.string or ""
    return [words] if isinstance(words, str) else list(words)


@group.command("check")
@click.argument("parts", nargs=-1)
def check_command(parts: tuple[str, ...]) -> None:
    """Tampilkan teks yang belum ditandai, belum diterjemahkan, atau tidak dipakai lagi."""
    lines = check(parts).lines
    for line in lines:
        click.echo(line)
    if lines:
        raise SystemExit(1)
    click.echo("Semua teks sudah diterjemahkan.")
