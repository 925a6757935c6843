"""Draws the README's frames: tell, kill, restart, recall, why; each a picture of what really ran.

`python tools/frames.py FOLDER` lives one short life in a home of its own with the embedded model,
kills its processes in between, and writes what the terminal showed as SVG.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from oona.app.paths import Paths
from oona.testing.owners import owners

OONA = str(Path(sys.executable).with_name("oona"))
WIDTH = 84
PAPER = TerminalTheme(
    (250, 245, 236),
    (62, 56, 52),
    [
        (62, 56, 52),
        (196, 72, 56),
        (110, 120, 70),
        (176, 120, 40),
        (140, 110, 90),
        (206, 92, 70),
        (120, 110, 100),
        (90, 82, 76),
    ],
)


def main(folder: Path) -> None:
    """Live through the five moments and draw each."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "OONA_HOME": f"{home}/home", "OONA_KEYS": f"{home}/keys"}
        quiet = subprocess.run  # every command below is ours
        quiet([OONA, "settings", "--defaults"], env=environment, check=True, capture_output=True)
        tell = 'oona say "My sister Anna lives in Oslo and is allergic to walnuts."'
        frame(folder / "1-tell.svg", "Tell it something", [run(tell, environment)])
        frame(folder / "2-kill.svg", "Kill it in the middle of a word", [killed(environment)])
        recall = [
            run('oona say "Where does Anna live?"', environment),
            run('oona say "What cake could I bake for her?"', environment),
            run('oona say "What is my brother\'s name?"', environment),
        ]
        frame(folder / "3-recall.svg", "Start again: what was told is there", recall)
        run('oona say "Where does Anna live?"', environment)
        frame(folder / "4-why.svg", "Ask it why", [run("oona why", environment)])


def run(command: str, environment: dict[str, str]) -> tuple[str, str, float]:
    """What `command` printed, and the seconds it took."""
    began = time.monotonic()
    words = [OONA, *shlex.split(command)[1:]]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    return command, (done.stdout + done.stderr).rstrip(), time.monotonic() - began


def killed(environment: dict[str, str]) -> tuple[str, str, float]:
    """A turn whose processes are all ended with kill -9 while it is being answered."""
    command = 'oona say "Tell me a long story about the sea."'
    began = time.monotonic()
    child = subprocess.Popen(
        [OONA, *shlex.split(command)[1:]],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert child.stdout is not None
    first = child.stdout.read(24)
    for pid in owners(Paths.find(environment)):
        os.kill(pid, signal.SIGKILL)
    child.kill()
    rest, _ = child.communicate()
    return (
        command,
        f"{first}{rest.splitlines()[0] if rest else ''} ▌\nKilled",
        time.monotonic() - began,
    )


def frame(path: Path, caption: str, shown: list[tuple[str, str, float]]) -> None:
    """Draw commands and what they printed, with the caption as the window's title."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=WIDTH, file=nowhere, force_terminal=True)
        for command, output, seconds in shown:
            console.print(Text(f"$ {command}", style="color(1)"))
            console.print(Text(output, style="color(0)"))
            console.print(Text(f"({seconds:.1f} s)", style="color(6)"))
        svg = console.export_svg(title=caption, theme=PAPER)
        # A picture that fetches its letters from elsewhere would tell who looks at it.
        svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    path.write_text(svg, encoding="utf-8")
    print(f"{path}: {caption}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
