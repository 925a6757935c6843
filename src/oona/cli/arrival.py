"""The models on their way, while the person is already talking."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from oona.app import embedders
from oona.app.models import wanted
from oona.app.paths import Paths
from oona.app.settings import Settings
from oona.cli.sizes import size_words
from oona.core.errors import OonaError

if TYPE_CHECKING:
    from oona.providers.weights import Model, Progress, Weights

_LEAVE_S = 3.0
_SETTLE_S = 10.0
"""How long the start of a conversation, whose model is here, is left alone."""

_LANGUAGE = "my language model"
_RECALL = "what helps me find what you meant"
NO_MEANING = (
    "I remember by words alone: a small file for more could not be fetched; `oona doctor` says how"
)
_VERBS = {"waiting": "waiting for", "checking": "checking", "fetching": "fetching"}


class Arrival:
    """Fetches what is missing, if anything is, on a thread of its own.

    First the language model, then the small files of recall. `on_change` is called from that thread
    whenever `line` says something new (with `sparing`, only at what is worth a line of its own),
    `on_end` once when the language model is here or could not be had (then `fault` says why), and
    `on_recall` when something was fetched for recall or could not be (then `recall_fault` does).
    """

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        on_change: Callable[[], None],
        on_end: Callable[[], None],
        on_recall: Callable[[], None] = lambda: None,
        *,
        sparing: bool = False,
    ) -> None:
        self._paths = paths
        self._settings = settings
        self._on_change = on_change
        self._on_end = on_end
        self._on_recall = on_recall
        self._sparing = sparing
        self._cancel = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fetch", daemon=True)
        self._ended = False
        self.line = ""
        self.model: Model | None = None
        self.fault: OonaError | None = None
        self.recall_fault: OonaError | None = None
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
        ended = self._ended
        self._cancel.set()
        self._thread.join(_LEAVE_S)
        if ended or self.model is None or not self.done:
            return ""
        return (
            f"{size_words(self.done)} of {size_words(self.model.size)} of my language model have "
            "arrived; the rest comes when you next talk with me."
        )

    def _run(self) -> None:
        from oona.providers.weights import Cancelled, Weights

        weights = Weights(self._paths.models)
        try:
            self.model = wanted(self._settings, weights)
            if self.model is not None:
                self._announce(_LANGUAGE, self.model)
                self._fetch(weights, self.model, _LANGUAGE, sparing=self._sparing)
        except Cancelled:
            return
        except OonaError as fault:
            self.fault = fault
        self.line = ""
        self._ended = True
        self._on_end()
        if self.fault is None:
            self._for_recall(weights)

    def _for_recall(self, weights: Weights) -> None:
        """Comes last and tries once a day: who lacks it still talks, and recalls by words."""
        from oona.providers.weights import Cancelled

        missing = embedders.wanted(self._settings, weights)
        if not missing or (self.model is None and self._cancel.wait(_SETTLE_S)):
            return
        try:
            self._announce(_RECALL, *missing)
            for model in missing:
                # Small enough for one line where lines stay, between what is being said.
                self._fetch(weights, model, _RECALL, silent=self._sparing)
        except Cancelled:
            return
        except OonaError as fault:
            self.recall_fault = fault
            embedders.not_reached(weights)
        self.line = ""
        self._on_recall()

    def _announce(self, what: str, *models: Model) -> None:
        self.line = f"fetching {what}, {size_words(sum(model.size for model in models))}"
        self._on_change()

    def _fetch(
        self,
        weights: Weights,
        model: Model,
        what: str,
        *,
        sparing: bool = False,
        silent: bool = False,
    ) -> None:
        from oona.cli.fetching import Milestones, Pace
        from oona.core.clock import SystemClock

        clock = SystemClock()
        pace, milestones = Pace(clock), Milestones(clock)

        def show(progress: Progress) -> None:
            self.done = progress.done if progress.phase == "fetching" else self.done
            line = f"{_VERBS[progress.phase]} {what}: {pace.words(progress)}"
            news, self.line = line != self.line, line
            if news and not silent and (milestones.due(progress) or not sparing):
                self._on_change()

        weights.fetch(model.name, progress=show, cancel=self._cancel)
