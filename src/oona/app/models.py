"""Which language model answers, by the settings and by what is on the machine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from oona.app.paths import Paths, private_folder
from oona.app.seat import Running, Seat
from oona.app.settings import Settings
from oona.core.language import LanguageModel, Message

if TYPE_CHECKING:
    from oona.providers.openai import OpenAIClient
    from oona.providers.weights import Model, Weights

AUTO = "auto"


def choose(settings: Settings, weights: Weights) -> Model | None:
    """The model of the catalogue that is here and is to run, or None when it must be fetched first.

    By its name in the settings, else the largest one for conversation that is installed and fits
    into the memory that is free, else the smallest installed. Raises NotFound for an unknown name.
    """
    from oona.providers.weights import free_memory

    if (name := settings.text("model.name")) != AUTO:
        model = weights.catalogue.get(name)
        return model if weights.installed(name) else None
    here = [m for m in weights.catalogue if "chat" in m.roles and weights.installed(m.name)]
    here.sort(key=lambda model: model.parameters, reverse=True)
    memory = free_memory()
    return next((m for m in here if not memory or m.memory <= memory), here[-1] if here else None)


def wanted(settings: Settings, weights: Weights) -> Model | None:
    """The model that is to be fetched, or None when none is needed.

    None is when one is here, or an endpoint or the scripted model answers. May ask a publisher
    whether it can be reached (seconds).
    """
    if settings.llm or settings.text("model.url") or choose(settings, weights):
        return None
    if (name := settings.text("model.name")) != AUTO:
        return weights.catalogue.get(name)
    begun = [m for m in weights.catalogue if "chat" in m.roles and weights.arrived(m.name)]
    return max(begun, key=lambda model: weights.arrived(model.name)) if begun else weights.default()


def seat(settings: Settings, paths: Paths) -> Seat:
    """The seat of the model that the settings ask for. Nothing is started yet."""
    if settings.llm:
        return Seat(lambda: _scripted(settings.llm))
    if settings.text("model.url"):
        return Seat(lambda: _Stoppable(endpoint(settings)))
    return Seat(lambda: _embedded(settings, paths))


class _Stoppable:
    """Gives a model that needs no starting the `stop` of those that do."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self.chat = model.chat
        self.state = model.state
        self.wait_ready = model.wait_ready

    async def stop(self) -> None:
        close = getattr(self._model, "close", None)
        if close is not None:
            await close()


def _scripted(spec: str) -> Running:
    from oona.providers.scripted import ScriptedModel

    _, _, milliseconds = spec.partition(":")
    return _Stoppable(ScriptedModel(int(milliseconds or 0) / 1000))


def endpoint(settings: Settings) -> OpenAIClient:
    """The client of the person's own endpoint, which is asked for a model if none is named."""
    from oona.providers.openai import Endpoint, OpenAIClient

    name = settings.text("model.name")
    key = settings.model_key.reveal()
    return OpenAIClient(Endpoint(settings.text("model.url"), "" if name == AUTO else name, key))


def _embedded(settings: Settings, paths: Paths) -> Running | None:
    from oona.providers.llama.embedded import EmbeddedModel
    from oona.providers.llama.embedded import Weights as Loaded
    from oona.providers.llama.process import ChildConfig, machine_threads
    from oona.providers.weights import Weights

    weights = Weights(paths.models)
    model = choose(settings, weights)
    if model is None:
        return None
    file = weights.path(model.name)
    config = ChildConfig(
        model=str(file),
        slot_folder=str(_slots(paths)),
        threads=settings.number("model.threads") or machine_threads(os.cpu_count() or 1),
    )
    embedded = EmbeddedModel(Loaded(model.name, file, model.sha256), config, _prefix)
    embedded.start()
    return embedded


def _prefix() -> Sequence[Message]:
    from oona.agent import prompts  # takes a while, in which the weights are loading already

    return prompts.load().prefix


def _slots(paths: Paths) -> Path:
    return private_folder(paths.slots)
