"""Files and functions that a reader can hold in the head."""

import ast

import pytest

from tests.architecture import source

LONGEST_FILE = 400
LONGEST_FUNCTION = 40


def test_no_file_eats_the_project() -> None:
    sizes = {source.name(path): path.read_text(encoding="utf-8").count("\n") for path in source.files()}
    long = [f"{name} ({size})" for name, size in sizes.items() if size > LONGEST_FILE]
    assert not long, f"more than {LONGEST_FILE} lines; make it a package of the same name: {', '.join(long)}"


def test_no_function_goes_on_for_pages() -> None:
    long = []
    for path in [path for path in source.files() if "tests" not in path.parts]:
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    long.append(f"{source.name(path)}:{node.lineno} {node.name} ({lines})")
    assert not long, f"more than {LONGEST_FUNCTION} lines: {', '.join(long)}"


@pytest.mark.parametrize("suffix", ["css", "js", "html"])
def test_pages_styles_and_scripts_stay_readable_too(suffix: str) -> None:
    folders = ("templates", "static")
    paths = [path for folder in folders for path in (source.ROOT / folder).rglob(f"*.{suffix}")]
    sizes = {source.name(path): path.read_text(encoding="utf-8").count("\n") for path in paths}
    assert not [f"{name} ({size})" for name, size in sizes.items() if size > LONGEST_FILE]
