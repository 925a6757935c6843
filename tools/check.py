"""All of `make check`: `python tools/check.py` runs every step, `check.py STEP…` some of them.

Every step runs even when one before it failed, so that one run shows all there is to mend.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # so that this file can be run from anywhere, by its path

from tools import budgets, rules  # noqa: E402
from tools.files import python_sources  # noqa: E402

_TYPED = ("src", "tests", "tools", "benchmarks", "evaluation", "training")


def _command(*words: str) -> Iterator[str]:
    """Run a tool of this environment; what it said, if it failed."""
    command = [sys.executable, "-m", *words]
    if words[0] == "importlinter":  # it has no module to run, only a script beside the interpreter
        command = [str(Path(sys.executable).with_name("lint-imports")), *words[1:]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        yield (done.stdout + done.stderr).strip()


def _types() -> Iterator[str]:
    return _command("mypy", "--no-error-summary", *(f for f in _TYPED if (ROOT / f).is_dir()))


def _changelog() -> Iterator[str]:
    yield from rules.fragments()
    yield from _command("towncrier", "build", "--draft", "--version", "next")


STEPS: dict[str, Callable[[], Iterable[str]]] = {
    "format": lambda: _command("ruff", "format", "--check", "--quiet", "--diff"),
    "lint": lambda: _command("ruff", "check", "--quiet", "--output-format", "concise"),
    "types": _types,
    "layers": lambda: _command("importlinter", "--no-logo"),
    "budgets": lambda: budgets.over_budget(python_sources()),
    "environment": lambda: rules.environment_reads(python_sources("src")),
    "sql": lambda: rules.sql_outside_store(python_sources("src")),
    "tests": lambda: rules.tests_without_rule(python_sources("tests")),
    "addresses": rules.addresses_in_locks,
    "paths": rules.paths_of_this_machine,
    "changelog": _changelog,
}


def main(names: list[str]) -> int:
    """Run the named steps, or all; 0 when nothing was found."""
    unknown = [name for name in names if name not in STEPS]
    if unknown:
        print(f"No such step: {', '.join(unknown)}. There are: {', '.join(STEPS)}")
        return 2
    failed = []
    for name in names or STEPS:
        found = list(STEPS[name]())
        print(f"{'ok  ' if not found else 'FAIL'} {name}", flush=True)
        for line in found:
            print(line)
        if found:
            failed.append(name)
    if failed:
        print(f"To mend: {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
