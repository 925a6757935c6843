"""Ears and a mouth for a conversation: models that hear, a voice, and the way to who answers."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

from oona.app.conversation import Conversation
from oona.core.errors import ModelUnavailable

if TYPE_CHECKING:
    from oona.core.speech import Synthesizer
    from oona.providers.weights import Verdict
    from oona.voice.ears import Models
    from oona.voice.events import Composed, Heard


def hearing() -> tuple[str, ...]:
    """What hears, by its names in the catalogue: activity, turn end, and three of transcription."""
    from oona.providers.speech import moonshine, silero, smart_turn

    transcriber = (moonshine.ENCODER, moonshine.DECODER, moonshine.VOCABULARY)
    return (silero.MODEL, smart_turn.MODEL, *transcriber)


def ears(models: Path) -> Models:
    """What hears, from the weights in the folder `models`. Takes half a second.

    Raises ModelUnavailable, with the way to get it, for whatever is missing.
    """
    from oona.providers.speech import MoonshineTiny, SileroVad, SmartTurn
    from oona.providers.weights import Weights
    from oona.voice.ears import Models

    weights = Weights(models)
    files = []
    for name in hearing():
        if (file := weights.installed(name)) is None:
            title = weights.catalogue.get(name).title
            raise ModelUnavailable(
                f"I cannot hear yet: {title} has not arrived.",
                "`oona models fetch hearing` brings all that I hear with, 55 MB.",
            )
        files.append(file)
    activity, turn_end, encoder, decoder, vocabulary = files
    return Models(
        SileroVad(activity), SmartTurn(turn_end), MoonshineTiny(encoder, decoder, vocabulary)
    )


def verdicts(models: Path) -> list[Verdict]:
    """How the files are that hearing needs; reads all of them.

    Raises WeightsFault when the disk refuses.
    """
    from oona.providers.weights import Weights

    weights = Weights(models)
    return [weights.verify(name) for name in hearing()]


def voice() -> Synthesizer:
    """The companion's voice. Takes a second. Raises ModelUnavailable where it is not installed."""
    from oona.providers.speech import HibariVoice

    return HibariVoice()


class SpokenTo:
    """A conversation as `oona.voice` wants its Partner: what is said to it was spoken."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    async def say(self, heard: Heard) -> AsyncGenerator[str | Composed | Mapping[str, object]]:
        from oona.voice.events import Composed

        spoken = self._conversation.say(
            heard.text,
            via="spoken",
            paced=True,
            confidence_milli=round(1000 * heard.confidence),
        )
        async with aclosing(spoken) as messages:
            async for message in messages:
                if message["type"] == "clause":
                    yield str(message["text"])
                elif message["type"] == "composed":
                    yield Composed()
                else:
                    yield {k: v for k, v in message.items() if k not in ("id", "type")}

    async def heard(self, characters: int, *, over: bool) -> None:
        await self._conversation.heard(characters, over=over)
