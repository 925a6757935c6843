"""The house's own rules, those that no ready-made linter knows.

Each rule yields a sentence for each place that breaks it.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeGuard

from tools.files import ROOT, Source, project_files

_PACKAGE = Path("src/oona")
_DATABASES = frozenset({"apsw", "sqlite3"})
_SQL = re.compile(
    r"\s*(?:SELECT\s.+\sFROM\s|INSERT\s+(?:OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s"
    r"|CREATE\s+(?:VIRTUAL\s+)?(?:TABLE|INDEX|TRIGGER)\s|PRAGMA\s+\w|BEGIN\s+(?:IMMEDIATE|EXCLUSIVE))",
    re.DOTALL,
)
_ADDRESS = re.compile(r"://|file:|\s@\s|--(?:extra-)?index-url|--find-links|--trusted-host")


def _room(source: Source) -> str:
    """The room that a file of the package belongs to, or an empty text."""
    if not source.path.is_relative_to(_PACKAGE):
        return ""
    return source.path.relative_to(_PACKAGE).parts[0].removesuffix(".py")


def environment_reads(sources: Iterable[Source]) -> Iterator[str]:
    """Only `app` reads the environment; other rooms are handed what they need.

    Setting one variable (for a library that looks when it is imported) is no reading, nor is
    passing all of them on to a child process.
    """
    for source in sources:
        if _room(source) in ("", "app"):
            continue
        nodes = list(ast.walk(source.tree))
        passed = {id(part) for node in nodes for part in _set_or_passed_on(node)}
        for node in nodes:
            if _names_environment(node) and id(node) not in passed:
                yield f"{source.path}:{node.lineno}: only `app` reads the environment"


def _set_or_passed_on(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):  # os.environ["A"] = "b"
            return [value]
        case ast.Call(func=ast.Attribute(value=value, attr="setdefault")):
            return [value]
        case ast.BinOp(left=left, op=ast.BitOr()):  # os.environ | {"A": "b"}
            return [left]
        case ast.Dict(keys=keys, values=values):  # {**os.environ, "A": "b"}
            return [value for key, value in zip(keys, values, strict=True) if key is None]
    return []


def _names_environment(node: ast.AST) -> TypeGuard[ast.ImportFrom | ast.Attribute]:
    names = ("environ", "environb", "getenv", "getenvb")
    if isinstance(node, ast.ImportFrom):
        return node.module == "os" and any(alias.name in names for alias in node.names)
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
        and node.attr in names
    )


def sql_outside_store(sources: Iterable[Source]) -> Iterator[str]:
    """SQL, and the libraries that run it, stand in `store` alone, so that it can be swapped.

    `testing` may name them too: its disk that loses writes stands in for the one below the store.
    """
    for source in sources:
        if _room(source) in ("", "store", "testing"):
            continue
        docstrings = {id(text) for text in _docstrings(source.tree)}
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                if _DATABASES & _packages(node):
                    yield f"{source.at(node)}: a database is used by `store` alone"
            elif (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in docstrings
                and _SQL.match(node.value)
            ):
                yield f"{source.at(node)}: SQL stands in `store` alone"


def _packages(node: ast.Import | ast.ImportFrom) -> set[str]:
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").partition(".")[0]}
    return {alias.name.partition(".")[0] for alias in node.names}


def _docstrings(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        ):
            yield node.body[0].value


def tests_without_rule(sources: Iterable[Source]) -> Iterator[str]:
    """A test says in its docstring which rule it proves."""
    for source in sources:
        if not source.path.is_relative_to("tests"):
            continue
        for node in ast.walk(source.tree):
            if (
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                and node.name.startswith("test_")
                and ast.get_docstring(node) is None
            ):
                yield f"{source.at(node)}: {node.name} does not say which rule it proves"


def addresses_in_locks(root: Path = ROOT) -> Iterator[str]:
    """A lock holds versions and hashes: where packages come from is the machine's to say."""
    for file in sorted((root / "requirements").glob("*.txt")):
        lines = file.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, start=1):
            if _ADDRESS.search(line):
                yield f"requirements/{file.name}:{number}: an address in a lock: {line.strip()}"
        if not any("--hash=sha256:" in line for line in lines):
            yield f"requirements/{file.name}: a lock without hashes"


def paths_of_this_machine(root: Path = ROOT, home: Path | None = None) -> Iterator[str]:
    """No file names a folder of the machine it was written on."""
    private = [str(folder) for folder in (root, root.parent, home or Path.home())]
    found = re.compile(
        r"(?<![\w./-])(?:"
        + "|".join(re.escape(folder) for folder in private if folder.strip("/\\"))
        + r")[/\\]\w"
    )
    for path in project_files(root):
        try:
            lines = (root / path).read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(lines, start=1):
            if found.search(line):
                yield f"{path}:{number}: a path of this machine: {line.strip()[:80]}"


def fragments(root: Path = ROOT) -> Iterator[str]:
    """A changelog fragment is named ISSUE.TYPE.md or +WORD.TYPE.md and says something."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    kinds = [kind["directory"] for kind in project["tool"]["towncrier"]["type"]]
    name = re.compile(rf"(?:\d+|\+[a-z0-9-]+)\.(?:{'|'.join(kinds)})(?:\.\d+)?\.md")
    for file in sorted((root / "changelog.d").iterdir()):
        if file.name in (".gitignore", "README.md"):
            continue
        if not name.fullmatch(file.name):
            yield f"changelog.d/{file.name}: not ISSUE.TYPE.md with a type of {', '.join(kinds)}"
        elif not file.read_text(encoding="utf-8").strip():
            yield f"changelog.d/{file.name}: says nothing"
