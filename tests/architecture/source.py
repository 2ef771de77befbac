"""The project's own Python files, as the architecture tests read them."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("storefront", "devtools", "bench", "tests")


def files(*folders: str) -> list[Path]:
    """The Python files of these folders (all of ours when none is named), and those beside them."""
    own = [path for folder in folders or FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    return own if folders else [*sorted(ROOT.glob("*.py")), *own]


def name(path: Path) -> str:
    """The file's path inside the project, to be shown."""
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache  # each vendor's test asks for the imports of every file
def imports(path: Path) -> tuple[tuple[str, str], ...]:
    """Every import in the file, inside functions too: (module, name), the name empty for `import module`."""
    found: list[tuple[str, str]] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found += ((node.module or "", alias.name) for alias in node.names)
    return tuple(found)
