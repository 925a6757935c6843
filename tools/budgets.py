"""Size budgets that fail the build: a file's lines, a function's lines, a constructor's parameters.

A part that outgrows its budget is to be divided by meaning, not squeezed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tools.files import Source

FILE_LINES = 600
FUNCTION_LINES = 60
CONSTRUCTOR_PARAMETERS = 8


def over_budget(sources: Iterable[Source]) -> Iterator[str]:
    """A sentence for each part that is over its budget."""
    for source in sources:
        lines = len(source.text.splitlines())
        if lines > FILE_LINES:
            yield f"{source.path}: {lines} lines, the budget is {FILE_LINES}"
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from _function(source, node)
            elif isinstance(node, ast.ClassDef):
                yield from _dataclass(source, node)


def _function(source: Source, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if lines > FUNCTION_LINES:
        yield f"{source.at(node)}: {node.name} has {lines} lines, the budget is {FUNCTION_LINES}"
    if node.name in ("__init__", "__new__"):
        known = node.args
        count = len(known.posonlyargs) + len(known.args) + len(known.kwonlyargs) - 1
        if count > CONSTRUCTOR_PARAMETERS:
            yield (
                f"{source.at(node)}: a constructor with {count} parameters, "
                f"the budget is {CONSTRUCTOR_PARAMETERS}"
            )


def _dataclass(source: Source, node: ast.ClassDef) -> Iterator[str]:
    """A dataclass that changes has a constructor like any other; a frozen one only carries data."""
    decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
    changing = any("dataclass" in text and "frozen=True" not in text for text in decorators)
    fields = sum(_is_parameter(part) for part in node.body)
    if changing and fields > CONSTRUCTOR_PARAMETERS:
        yield (
            f"{source.at(node)}: {node.name} is made with {fields} parts and is not frozen, "
            f"the budget is {CONSTRUCTOR_PARAMETERS}"
        )


def _is_parameter(part: ast.stmt) -> bool:
    if not isinstance(part, ast.AnnAssign) or "ClassVar" in ast.unparse(part.annotation):
        return False
    return part.value is None or "init=False" not in ast.unparse(part.value)
