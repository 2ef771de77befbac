"""What the documents say is so: commands, settings, paths, status words and links are real."""

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest
from flask import Flask

from config import ROOT, Config
from devtools.demo.people import printed
from storefront import create_app
from storefront.aftersales.models import NEXT_CASE
from storefront.catalog.models import NEXT_CHANGE, NEXT_STATUS
from storefront.orders.models import NEXT_ORDER, NEXT_PARCEL
from storefront.payments.models import AttemptStatus
from storefront.payments.services.webhooks import ACTS

DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
BIGGEST_PICTURE = 150_000
TABLES = {
    "Order": NEXT_ORDER,
    "Parcel": NEXT_PARCEL,
    "Complaint about a parcel": NEXT_CASE,
    "Product": NEXT_STATUS,
    "Change of a product on sale": NEXT_CHANGE,
}
GIVEN = {"demo", "db", "--help"}  # flask's own, and what only a development checkout has


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A shop to be asked what it knows; it needs no database."""
    folder = tmp_path_factory.mktemp("docs")
    return create_app(
        Config(SECRET_KEY="x" * 40, DATABASE_URL="sqlite://", INSTANCE_DIR=folder, TESTING=True)
    )


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def section(text: str, title: str) -> str:
    """The part of a document below a heading of the second level."""
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """The cells of the tables in a text, without headings and rules."""
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_links_lead_somewhere(document: Path) -> None:
    text = document.read_text("utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)\)", text) + re.findall(r'src="([^"]+)"', text)
    missing = [
        target
        for target in targets
        if not target.startswith("https://") and not (document.parent / target).exists()
    ]
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_files_that_are_named_exist(document: Path) -> None:
    named = re.findall(
        r"`((?:storefront|devtools|tests|docs|migrations)/[\w./-]+)`", document.read_text("utf-8")
    )
    assert not [path for path in named if not (ROOT / path).exists()]


def test_every_setting_is_explained() -> None:
    explained = [row[0].strip("`") for row in rows((ROOT / "docs" / "operating.md").read_text("utf-8"))]
    settings = [field.name for field in fields(Config)]
    assert sorted(set(explained) & set(settings)) == sorted(settings)
    unknown = {word for word in explained if re.fullmatch(r"[A-Z_]+", word)} - set(settings)
    assert not unknown


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_commands_exist(document: Path, shop: Flask) -> None:
    commands = re.findall(
        r"(?:manage\.py flask|`flask|--app wsgi) ([a-z-]+)(?: ([a-z-]+))?", document.read_text("utf-8")
    )
    for group, word in commands:
        if group in GIVEN:
            continue
        command = shop.cli.commands.get(group)
        assert command is not None, group
        if isinstance(command, click.Group) and word:
            assert word in command.commands, f"{group} {word}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_paths_exist(document: Path, shop: Flask) -> None:
    roots = ("petugas", "kanwil", "pemprov", "masuk", "healthz", "readyz", "webhooks", "media")
    rules = {rule.rule for rule in shop.url_map.iter_rules()}
    named = re.findall(rf"`(/(?:{'|'.join(roots)})(?:/[a-z-]+)*)`", document.read_text("utf-8"))
    unknown = [
        path for path in named if path not in rules and not any(r.startswith(f"{path}/") for r in rules)
    ]
    assert not unknown


@pytest.mark.parametrize("title", TABLES)
def test_every_step_of_a_status_is_told_and_no_other(title: str) -> None:
    told = rows(section((ROOT / "docs" / "states.md").read_text("utf-8"), title))
    steps = {(row[0].strip("`"), row[1].strip("`")) for row in told}
    assert steps == {(str(a), str(b)) for a, after in TABLES[title].items() for b in after}


def test_every_word_of_an_attempt_is_told() -> None:
    text = section((ROOT / "docs" / "states.md").read_text("utf-8"), "Payment attempt")
    assert {word for word in AttemptStatus if f"`{word}`" not in text} == set()


def test_stripe_is_asked_for_what_we_act_on() -> None:
    told = section((ROOT / "docs" / "operating.md").read_text("utf-8"), "Stripe")
    assert set(re.findall(r"`((?:checkout|refund)\.[a-z_.]+)`", told)) == set(ACTS["stripe"])


def test_the_readme_has_the_demos_sign_ins() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for person in printed():
        assert f"| `{person.email}` | `{person.password}` |" in text


def test_pictures_are_small() -> None:
    pictures = list((ROOT / "docs" / "screenshots").iterdir())
    assert pictures
    assert not [path.name for path in pictures if path.stat().st_size > BIGGEST_PICTURE]
