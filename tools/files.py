"""The project's files, and their syntax trees."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Source:
    """One Python file: its path from `root`, and what stands in it."""

    root: Path
    path: Path

    @cached_property
    def text(self) -> str:
        """The whole file."""
        return (self.root / self.path).read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree. Raises SyntaxError."""
        return ast.parse(self.text, filename=str(self.path))

    def at(self, node: ast.stmt | ast.expr) -> str:
        """Where `node` stands, in the form editors follow."""
        return f"{self.path}:{node.lineno}"


def project_files(root: Path = ROOT) -> list[Path]:
    """Every file that is or could be committed, as paths from `root`."""
    told = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=True,
    )
    names = sorted({name.decode() for name in told.stdout.split(b"\0") if name})
    return [Path(name) for name in names if (root / name).is_file()]


def python_sources(*folders: str, root: Path = ROOT) -> list[Source]:
    """The Python files of the project, or of some folders in it."""
    wanted = [Path(folder) for folder in folders]
    return [
        Source(root, path)
        for path in project_files(root)
        if path.suffix == ".py" and (not wanted or any(path.is_relative_to(w) for w in wanted))
    ]
