"""`python -m evaluation.week`: a week of one invented person with the product as it is installed.

`week.toml` holds what Ines types on seven days and which commands she calls between. Each step runs
the public commands in processes of their own, with the embedded model, on a folder of its own, with
the clock (`OONA_NOW`) set to that moment. All that they print goes, verbatim, into a transcript for
people to read: docs/memory-week.md. The model draws its words anew in each run.

A conversation is one window of `oona talk` kept open; each turn joins it by `oona say`, which tells
where a reply ends.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

WEEK = Path(__file__).with_suffix(".toml")
PAGE = Path(__file__).parents[1] / "docs" / "memory-week.md"
OONA = Path(sys.executable).with_name("oona")
OPEN_S = 60.0
MODEL = "Qwen2.5 Coder 1.5B"
IDLE_MINUTES = 1
"""Minutes that `oona memory reread` may take of this machine."""

_PLACE = re.compile(r"\{(fact|event) ([^}]+)\}")
_HEAD = """# A week of talk

Typed to, and printed by, the commands as they are installed, with the embedded model ({model}):
`python -m evaluation.week` does it again. Ines, who lives in Bristol, is invented; what she types,
and when, stands in `evaluation/week.toml`. The model draws its words anew each time. What memory
answers is worked out by code.
"""


class Week:
    """The commands, on a home of their own, and the page that tells what they printed."""

    def __init__(self, home: Path, zone: str) -> None:
        self._home = home
        self._zone = zone
        self._now = ""
        self.page: list[str] = []
        self.turns = 0
        self.seconds = 0.0

    def take(self, step: dict[str, Any]) -> None:
        """One step of the week."""
        self._now = step["at"]
        moment = datetime.fromisoformat(step["at"])
        if "run" in step:
            self._command(step["run"])
            return
        self.page += [f"**{moment:%H:%M}**", ""]
        if "talk" in step:
            with self._window():
                for line in step["talk"]:
                    self._turn(line)
        else:
            [(command, line)] = [(name, step[name]) for name in ("say", "remember") if name in step]
            self._turn(line, command)

    def _turn(self, line: str, command: str = "say") -> None:
        began = time.monotonic()
        reply = self._oona(command, line)
        self.seconds += time.monotonic() - began
        self.turns += 1
        kept = " *(by `oona remember`)*" if command == "remember" else ""
        self.page += [f"> {_literal(line)}{kept}", "", _literal(reply), ""]

    def _command(self, words: Sequence[str]) -> None:
        """One command, its places filled."""
        asked = [_PLACE.sub(lambda place: self._number(place[1], place[2]), word) for word in words]
        printed = self._oona(*asked)
        self.page += ["```console", f"$ oona {shlex.join(asked)}", *printed.splitlines(), "```", ""]

    def _number(self, what: str, words: str) -> str:
        """The number of the newest fact or turn that holds `words`, whatever their case."""
        command = (
            ["memory", "facts", "--all"] if what == "fact" else ["memory", "list", "-n", "500"]
        )
        key = "fact" if what == "fact" else "event"
        for line in reversed(self._oona(*command, "--json").splitlines()):
            found = json.loads(line)
            if words.lower() in found["text"].lower():
                return str(found[key])
        return f"(no {what} holds {words!r})"

    @contextmanager
    def _window(self) -> Iterator[None]:
        """A conversation held open; what it greets with comes before its turns."""
        place, before = len(self.page), self._opened()
        window = subprocess.Popen(
            [str(OONA), "talk"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            env=self._environment(),
        )
        try:
            until = time.monotonic() + OPEN_S
            while self._opened() == before and time.monotonic() < until:
                time.sleep(0.2)
            yield
        finally:
            greeting, _ = window.communicate(timeout=OPEN_S)
            lines = [line for line in greeting.splitlines() if line.strip()]
            self.page[place:place] = [text for line in lines for text in (_literal(line), "")]

    def _opened(self) -> str:
        """The last session that began."""
        return self._oona("journal", "show", "--kind", "session.opened", "-n", "1", "--json")

    def _oona(self, *words: str) -> str:
        """What one command prints; where it refuses, what it says of that, too."""
        done = subprocess.run(
            [str(OONA), *words],
            capture_output=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            env=self._environment(),
            check=False,
        )
        printed = (done.stdout, done.stderr if done.returncode else "")
        return "\n".join(part.rstrip() for part in printed if part.strip())

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "OONA_HOME": str(self._home / "home"),
            "OONA_KEYS": str(self._home / "keys"),
            "OONA_NOW": self._now,
            "OONA_ZONE": self._zone,
            "OONA_IDLE_MINUTES": str(IDLE_MINUTES),
        }


def _literal(text: str) -> str:
    """`text` so that Markdown shows it as it is, line for line."""
    return re.sub(r"([*_<>#\[\]|\\])", r"\\\1", text).replace("\n", "  \n")


def _shown(lines: Sequence[str]) -> None:
    print("\n".join(lines), file=sys.stderr, flush=True)


def main() -> None:
    """Live the week and write its page; JSON with the figures comes last."""
    parser = argparse.ArgumentParser(prog="evaluation.week", description=__doc__)
    parser.add_argument("--out", type=Path, default=PAGE, help="the page; default: docs/")
    parser.add_argument("--home", type=Path, help="a folder to keep; else one that is removed")
    parser.add_argument("--days", type=int, help="only so many")
    asked = parser.parse_args()
    told = tomllib.loads(WEEK.read_text("utf-8"))
    with tempfile.TemporaryDirectory(prefix="oona-week-") as folder:
        week = Week(asked.home or Path(folder), told["zone"])
        for day in told["day"][: asked.days]:
            week.page += [f"## {day['name']}", ""]
            for step in day["step"]:
                before = len(week.page)
                week.take(step)
                _shown(week.page[before:])
            text = "\n".join([_HEAD.format(model=MODEL), *week.page]).rstrip() + "\n"
            asked.out.write_text(text, encoding="utf-8")  # a run that is stopped leaves its days
    print(json.dumps({"turns": week.turns, "seconds": round(week.seconds, 1)}))


if __name__ == "__main__":
    main()
