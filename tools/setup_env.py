"""Put the pinned packages and this folder into `.venv`: `setup_env.py run` or `setup_env.py dev`.

Uses the standard library alone, since it is what installs everything else. It does nothing when the
stamp in `.venv` says that the same lock, project table, folder and Python were installed before.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
LOCKS = ("run", "dev")
_TAIL_LINES = 15


class SetupFault(Exception):
    """The environment cannot be made; the text says why and what to do."""


def environment_python(environment: Path = ENVIRONMENT) -> Path:
    """Where a virtual environment keeps its interpreter on this system."""
    if os.name == "nt":
        return environment / "Scripts" / "python.exe"
    return environment / "bin" / "python"


def wanted(lock: str, root: Path = ROOT) -> str:
    """A digest of all that decides what `.venv` must hold for `lock`."""
    import tomllib  # not at the top: an older Python must get as far as being told so

    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    parts = (
        (root / "requirements" / f"{lock}.txt").read_text(encoding="utf-8"),
        repr(project["project"]),
        repr(project["build-system"]),
        str(root),
        f"{sys.version_info[0]}.{sys.version_info[1]}",
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def stamp(lock: str, environment: Path = ENVIRONMENT) -> Path:
    """The file that remembers what was last installed for `lock`."""
    return environment / f"oona-{lock}.stamp"


def is_current(lock: str) -> bool:
    """Whether `.venv` already holds what `lock` asks for."""
    file = stamp(lock)
    return file.is_file() and file.read_text(encoding="utf-8") == wanted(lock)


def make_environment(environment: Path = ENVIRONMENT) -> None:
    """Make `.venv`; anew where another version of Python made it, or it was moved or broken.

    Raises SetupFault when this Python cannot make one.
    """
    if environment.exists():
        if _was_made_here(environment) and _same_version(environment):
            return
        shutil.rmtree(environment)
    try:
        import ensurepip  # noqa: F401 - Debian ships Python without it
    except ImportError:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise SetupFault(
            "This Python cannot make virtual environments: its `venv` part is missing.\n"
            f"On Debian and Ubuntu: sudo apt-get install python{version}-venv (or python3-venv)."
        ) from None
    venv.create(environment, with_pip=True, symlinks=os.name != "nt")


def _was_made_here(environment: Path) -> bool:
    # The commands in it begin with the path they were made under, so a moved folder is no use.
    try:
        return str(environment) in (environment / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return False


def _same_version(environment: Path) -> bool:
    if environment.samefile(sys.prefix):
        return True
    question = "import pip, sys; print(*sys.version_info[:2])"
    asked = [str(environment_python(environment)), "-c", question]
    try:
        told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    except OSError:
        return False
    return told.split() == [str(part) for part in sys.version_info[:2]]


class Progress:
    """One line on a terminal that counts packages; elsewhere, silence until the end."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._live = sys.stdout.isatty()

    def note(self, line: str) -> None:
        """Take one line of pip's output."""
        found = re.match(r"\s*(?:Collecting|Requirement already satisfied:) ([\w.-]+)", line)
        if found:
            self._done += 1
            self._show(f"{min(self._done, self._total)}/{self._total} {found[1]}")
        elif line.startswith("Installing collected packages"):
            self._show("unpacking")

    def close(self) -> None:
        """Clear the line."""
        if self._live:
            print("\r\x1b[K", end="", flush=True)

    def _show(self, text: str) -> None:
        if self._live:
            print(f"\r\x1b[K  {text}", end="", flush=True)


def pip(*arguments: str, progress: Progress) -> None:
    """Run the environment's own pip. Raises SetupFault with the end of its output if it fails."""
    command = [str(environment_python()), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    lines: list[str] = []
    with subprocess.Popen(
        [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            lines.append(line)
            progress.note(line)
    progress.close()
    if child.returncode:
        raise SetupFault(
            "pip could not install what Oona needs. The end of what it said:\n"
            + "".join(lines[-_TAIL_LINES:])
            + "If the network was away, run the same command again: it goes on where it stopped."
        )


def install(lock: str) -> None:
    """Install the packages of `lock`, then this folder itself, and stamp it."""
    file = ROOT / "requirements" / f"{lock}.txt"
    total = len(re.findall(r"(?m)^[\w.-]+(?:\[.*\])?==", file.read_text(encoding="utf-8")))
    progress = Progress(total)
    pip("install", "--progress-bar", "off", "--require-hashes", "-r", str(file), progress=progress)
    # The backend is in the lock, so nothing unpinned is fetched to build with.
    pip("install", "--no-deps", "--no-build-isolation", "-e", str(ROOT), progress=progress)
    stamp(lock).write_text(wanted(lock), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Set up what is asked for; 0 on success."""
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        print(f"Use: setup_env.py {'|'.join(LOCKS)}", file=sys.stderr)
        return 2
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what meets an older one
        print(f"Oona needs Python 3.11 or newer; this one is {sys.version.split()[0]}.")
        return 1
    lock = arguments[0]
    try:
        make_environment()
        if is_current(lock):
            return 0
        print(f"Setting up .venv ({lock}): once, and again when its pins change.", flush=True)
        install(lock)
        if lock == "dev":
            stamp("run").write_text(wanted("run"), encoding="utf-8")
    except SetupFault as fault:
        print(fault, file=sys.stderr)
        return 1
    print("Set up.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
