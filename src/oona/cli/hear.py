"""`oona hear`: a conversation from a recording, its replies written where they would be heard."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from oona.app.paths import models_dir
from oona.cli.context import with_companion
from oona.cli.options import ME, Json, Person
from oona.cli.text import note
from oona.core.clock import SystemClock
from oona.core.errors import BadInput

if TYPE_CHECKING:
    from oona.app.conversation import Conversation
    from oona.voice.events import Exchange
    from oona.voice.recording import Recording
    from oona.voice.wav import WavReader

A = TypeVar("A")
B = TypeVar("B")

_LOADING_S = 180
_CLIPPED = 0.02
_PARTS = {
    "endpointing": "to be sure you had finished",
    "transcription": "to write it down",
    "first_clause": "to think",
    "first_audio": "to speak",
    "waiting": "for the reply before",
}


def hear(
    recording: Annotated[
        Path, typer.Argument(metavar="IN.wav", help="What was said: a WAV file of any kind.")
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="OUT.wav", help="Where the replies go, as sound."),
    ] = None,
    person: Person = ME,
    as_json: Json = False,
) -> None:
    """Hear a recording, answer what is said in it, and write the replies as sound.

    Both files begin at the same moment: played together, they are the conversation.
    """
    from oona.voice.wav import WavReader

    if out is not None and out.resolve() == recording.resolve():
        raise BadInput("The replies would be written over the recording.", "Name another file.")
    if out is not None and not out.parent.is_dir():
        raise BadInput(f"There is no folder {out.parent} for the replies.")
    try:
        file = recording.open("rb")
    except OSError as fault:
        raise BadInput(f"{recording} cannot be opened: {fault.strerror}.") from None
    with file:
        reader = WavReader(file, str(recording))

        async def listen(conversation: Conversation) -> None:
            await _hear(conversation, reader, out, as_json)

        with_companion(person, listen, model_first=True)


async def _hear(
    conversation: Conversation, reader: WavReader, out: Path | None, as_json: bool
) -> None:
    from oona.app import speech
    from oona.voice.conversing import Conversing
    from oona.voice.ears import Ears
    from oona.voice.mouth import Mouth
    from oona.voice.recording import Recording
    from oona.voice.track import Track
    from oona.voice.wav import write_wav

    models, voice = await _both(
        asyncio.to_thread(speech.ears, models_dir()), asyncio.to_thread(speech.voice)
    )
    await conversation.open("hear")
    await conversation.ask("model", wait=_LOADING_S)
    sound = Recording(reader, SystemClock())
    track = Track(voice.rate)
    ears, mouth = Ears(models, sound), Mouth(voice, track, sound)
    talk = Conversing(ears, mouth, speech.SpokenTo(conversation), sound)
    exchanges: list[Exchange] = []
    try:
        frames = sound.frames(lambda: talk.busy, lambda: ears.in_turn, lambda: talk.speaking)
        async with aclosing(frames), aclosing(talk.converse(frames)) as found:
            async for exchange in found:
                exchanges.append(exchange)
                if not as_json:
                    _show(exchange)
    finally:
        ears.close()
        mouth.close()
        if out is not None:  # whatever ended it: what was said was said
            write_wav(out, track.blocks(sound.length), track.rate)
    if as_json:
        print(json.dumps(_report(reader, sound, exchanges), ensure_ascii=False, indent=2))
        return
    if not exchanges:
        note("I heard nobody speak.")
    if sound.clipped > _CLIPPED:
        note("The recording is clipped: it was too loud for the microphone.")


async def _both(one: Awaitable[A], other: Awaitable[B]) -> tuple[A, B]:
    """Both at once; where both go wrong, it is the first that is told."""
    first, second = await asyncio.gather(one, other, return_exceptions=True)
    if isinstance(first, BaseException):
        raise first
    if isinstance(second, BaseException):
        raise second
    return first, second


def _show(exchange: Exchange) -> None:
    timings = exchange.timings_ms()
    print(f"{_moment(exchange.heard.turn.began)}  You: {exchange.heard.text}")
    if exchange.captions:
        end = " …" if exchange.stopped else ""
        print(f"{_moment(exchange.captions[0].began)}  Oona: {exchange.reply}{end}")
        parts = [f"{timings[name]} ms {said}" for name, said in _PARTS.items() if timings[name]]
        note(f"        {timings['total']} ms after you: {', '.join(parts)}")
    sys.stdout.flush()


def _moment(seconds: float) -> str:
    return f"{int(seconds // 60)}:{seconds % 60:04.1f}"


def _report(reader: WavReader, sound: Recording, exchanges: list[Exchange]) -> dict[str, object]:
    return {
        "seconds": round(sound.length, 3),
        "rate": reader.format.rate,
        "channels": reader.format.channels,
        "clipped": round(sound.clipped, 4),
        "turns": [_turn(exchange) for exchange in exchanges],
    }


def _turn(exchange: Exchange) -> dict[str, object]:
    """All moments are seconds of the recording."""
    heard = exchange.heard
    return {
        "text": heard.text,
        "confidence": round(heard.confidence, 3),
        "began": round(heard.turn.began, 3),
        "end_of_speech": round(heard.turn.end_of_speech, 3),
        "ended": round(heard.turn.at, 3),
        "why": heard.turn.why.value,
        "clipped": round(heard.clipped, 4),
        "reply": exchange.reply,
        "captions": [
            {"text": c.text, "began": round(c.began, 3), "ended": round(c.ended, 3)}
            for c in exchange.captions
        ],
        "stopped": _stopped(exchange),
        "timings_ms": exchange.timings_ms(),
        "turn": exchange.result,
    }


def _stopped(exchange: Exchange) -> dict[str, object] | None:
    """How a reply ended that was spoken over; None for one that was heard to its end."""
    if (stopped := exchange.stopped) is None:
        return None
    at, onset = round(stopped.at, 3), round(stopped.onset, 3)
    return {"at": at, "onset": onset, "because": stopped.because}
