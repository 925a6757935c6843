"""How far a fetch has come, for a person: a bar on a terminal, else a line now and then."""

from __future__ import annotations

from collections import deque

from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bars

from oona.cli.sizes import size_words, span_words
from oona.core.clock import Clock
from oona.providers.weights import Progress

_WINDOW = 20.0
_LINE_EVERY = 15.0
_SHARES = 10
_CORAL = "#e06c56"


class Pace:
    """Bytes a second over the last 20 seconds, and the time left at that pace."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()

    def words(self, progress: Progress) -> str:
        """One line for a person: how much of how much, how fast, and how long still."""
        now = self._clock.monotonic()
        if self._seen and progress.done < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, progress.done))
        while len(self._seen) > 2 and now - self._seen[1][0] > _WINDOW:
            self._seen.popleft()
        text = f"{size_words(progress.done)} of {size_words(progress.total)}"
        (then, had), (_, has) = self._seen[0], self._seen[-1]
        if has > had and now > then:
            rate = (has - had) / (now - then)
            left = round((progress.total - progress.done) / rate)
            text += f", {rate / 1e6:.1f} MB/s, {span_words(left)} left"
        return text


class Milestones:
    """When a line is due where none can be redrawn.

    At each new step, each tenth that has arrived, and after 15 seconds without one.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._step: tuple[str, str] | None = None
        self._share = 0
        self._at = 0.0

    def due(self, progress: Progress) -> bool:
        """Whether to say how far it is; if so, it counts as said."""
        now = self._clock.monotonic()
        step = (progress.phase, progress.source)
        # Checking takes seconds: its tenths would come all at once.
        share = 0 if progress.phase == "checking" else _SHARES * progress.done // progress.total
        passed = share > self._share or now - self._at >= _LINE_EVERY
        if step == self._step and not passed:
            return False
        self._step, self._share, self._at = step, share, now
        return True


class FetchDisplay:
    """Shows progress: a bar on a terminal, else a line now and then."""

    def __init__(self, console: Console, clock: Clock) -> None:
        self._console = console
        self._clock = clock
        self._pace = Pace(clock)
        self._last: Progress | None = None
        self._milestones = Milestones(clock)
        self._notes = 0
        self._bars = Bars(
            TextColumn("{task.description}", markup=False),
            BarColumn(complete_style=_CORAL, finished_style=_CORAL),
            TextColumn("{task.fields[words]}", markup=False),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._task = self._bars.add_task("", total=None, visible=False, words="")

    def __enter__(self) -> FetchDisplay:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def show(self, progress: Progress) -> None:
        """Take in one report of a fetch or a check."""
        last, self._last = self._last, progress
        for note in progress.notes[self._notes :]:
            self._console.print(f"Passed over. {note}", markup=False, soft_wrap=True)
        self._notes = len(progress.notes)
        turned = not last or (last.phase, last.source) != (progress.phase, progress.source)
        if turned:
            self._pace = Pace(self._clock)
        words = self._pace.words(progress)
        if self._console.is_terminal:
            self._move_bar(progress, words, turned)
        else:
            self._write_line(progress, words, turned)

    def _move_bar(self, progress: Progress, words: str, turned: bool) -> None:
        if turned and progress.phase != "checking":
            self._console.print(f"{_heading(progress)}.", markup=False, soft_wrap=True)
        self._bars.update(
            self._task,
            description=progress.phase.capitalize(),
            total=progress.total,
            completed=progress.done,
            visible=True,
            words=words,
        )

    def _write_line(self, progress: Progress, words: str, turned: bool) -> None:
        if self._milestones.due(progress):
            heading = _heading(progress) if turned else progress.phase.capitalize()
            self._console.print(f"{heading}: {words}", markup=False, soft_wrap=True)


def _heading(progress: Progress) -> str:
    verb = {"waiting": "Waiting for", "checking": "Checking", "fetching": "Fetching from"}
    return f"{verb[progress.phase]} {progress.source}"
