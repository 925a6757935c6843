"""The language model on its way, while the person is already talking."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from oona.app.models import wanted
from oona.app.paths import Paths
from oona.app.settings import Settings
from oona.cli.sizes import size_words
from oona.core.errors import OonaError

if TYPE_CHECKING:
    from oona.providers.weights import Model, Progress

_LEAVE_S = 3.0


class Arrival:
    """Fetches the model that is missing, if one is, on a thread of its own.

    `on_change` is called from that thread whenever `line` says something new (with `sparing`, only
    at what is worth a line of its own), `on_end` once when the model is here or could not be had
    (then `fault` says why).
    """

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        on_change: Callable[[], None],
        on_end: Callable[[], None],
        *,
        sparing: bool = False,
    ) -> None:
        self._paths = paths
        self._settings = settings
        self._on_change = on_change
        self._on_end = on_end
        self._sparing = sparing
        self._cancel = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fetch", daemon=True)
        self.line = ""
        self.model: Model | None = None
        self.fault: OonaError | None = None
        self.done = 0

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    @property
    def under_way(self) -> bool:
        """Whether something is still being fetched or looked for."""
        return self._thread.is_alive()

    def leave(self) -> str:
        """Stop fetching; what to say of what has arrived, or nothing."""
        if not self.under_way:
            return ""
        self._cancel.set()
        self._thread.join(_LEAVE_S)
        if self.model is None or not self.done:
            return ""
        return (
            f"{size_words(self.done)} of {size_words(self.model.size)} of my language model have "
            "arrived; the rest comes when you next talk with me."
        )

    def _run(self) -> None:
        from oona.cli.fetching import Milestones, Pace
        from oona.core.clock import SystemClock
        from oona.providers.weights import Cancelled, Weights

        clock = SystemClock()
        pace, milestones = Pace(clock), Milestones(clock)

        def show(progress: Progress) -> None:
            self.done = progress.done if progress.phase == "fetching" else self.done
            verb = {"waiting": "waiting for", "checking": "checking", "fetching": "fetching"}
            line = f"{verb[progress.phase]} my language model: {pace.words(progress)}"
            news, self.line = line != self.line, line
            if news and (milestones.due(progress) or not self._sparing):
                self._on_change()

        try:
            weights = Weights(self._paths.models)
            self.model = wanted(self._settings, weights)
            if self.model is not None:
                self.line = f"fetching my language model, {size_words(self.model.size)}"
                self._on_change()
                weights.fetch(self.model.name, progress=show, cancel=self._cancel)
        except Cancelled:
            return
        except OonaError as fault:
            self.fault = fault
        self.line = ""
        self._on_end()
