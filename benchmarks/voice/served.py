"""`python -m benchmarks.voice.served`: our pipeline at the other end of the line, in real time.

A process of its own, started by the harness: it hears what comes in on standard input and answers
on standard output, see `line.py`. The partner is Oona, with her turn loop and her model, or a
script that answers at once and, where a story is asked for, at length; with that one, ears and
voice alone are measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import datetime
from typing import BinaryIO

from benchmarks.voice import line
from benchmarks.voice.scripted import Scripted
from benchmarks.voice.sound import RATE, at_rate
from benchmarks.voice.told import HEARD, KEPT
from oona.core.clock import Clock, SystemClock
from oona.core.speech import Samples, Synthesizer
from oona.voice.conversing import Conversing, Partner
from oona.voice.ears import Ears, Models
from oona.voice.events import Exchange
from oona.voice.framing import Frame, Framer
from oona.voice.mouth import Mouth

_LOADING_S = 180


class Microphone:
    """Frames as they come in; as a Clock, `monotonic` is the position in their stream, in seconds.

    It runs on between blocks, with the wall's time, so that work is seen to take its time.
    """

    def __init__(self, incoming: asyncio.StreamReader, wall: Clock) -> None:
        self._incoming = incoming
        self._wall = wall
        self._began: float | None = None
        self.played = 0
        """Samples of what was sent that have been heard, at `RATE`."""

    def now(self) -> datetime:
        return self._wall.now()

    def monotonic(self) -> float:
        return 0.0 if self._began is None else self._wall.monotonic() - self._began

    async def frames(self) -> AsyncGenerator[Frame]:
        """All that is said until the other end hangs up."""
        unpacker, framer = line.Unpacker(), Framer(RATE)
        while data := await self._incoming.read(1 << 16):
            for kind, payload in unpacker.feed(data):
                if kind == line.PLAYED:
                    self.played = int.from_bytes(payload, "little")
                if kind != line.MICROPHONE:
                    continue
                block = line.sound_of(payload)
                if self._began is None:
                    self._began = self._wall.monotonic() - len(block) / RATE
                for frame in framer.feed(block):
                    yield frame
        for frame in framer.flush():
            yield frame


class Loudspeaker:
    """A Speaker over the line: the other end plays what it is given, and tells how far it is."""

    def __init__(self, out: BinaryIO, rate: int, microphone: Microphone) -> None:
        self._out = out
        self._rate = rate
        self._microphone = microphone
        self._ended = 0.0

    def play(self, samples: Samples, now: float) -> tuple[float, float]:
        self.send(line.pack_sound(line.SOUND, at_rate(samples, self._rate)))
        began = max(self._ended, now)
        self._ended = began + len(samples) / self._rate
        return began, self._ended

    def position(self, now: float) -> int:  # noqa: ARG002  # the device itself tells
        return round(self._microphone.played * self._rate / RATE)

    def duck(self, gain: float, now: float) -> None:  # noqa: ARG002  # now is at once
        self.send(line.pack_gain(gain))

    def stop(self, now: float) -> None:
        self.send(line.pack(line.CLEAR) + line.pack_gain(1.0))
        self._ended = min(self._ended, now)

    def send(self, message: bytes) -> None:
        """Any other message."""
        self._out.write(message)
        self._out.flush()


async def serve(partner: Partner, models: Models, voice: Synthesizer, out: BinaryIO) -> None:
    """Converse over standard input and `out` until the other end hangs up."""
    incoming = asyncio.StreamReader(limit=1 << 22)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(incoming), sys.stdin
    )
    microphone = Microphone(incoming, SystemClock())
    speaker = Loudspeaker(out, voice.rate, microphone)
    ears, mouth = Ears(models, microphone), Mouth(voice, speaker, microphone)
    speaker.send(line.pack(line.READY))
    talk = Conversing(ears, mouth, partner, microphone)
    try:
        async with aclosing(talk.converse(microphone.frames())) as exchanges:
            async for exchange in exchanges:
                for told in _told(exchange):
                    speaker.send(line.pack(line.TOLD, json.dumps(told).encode()))
    finally:
        ears.close()
        mouth.close()


def _told(exchange: Exchange) -> list[Mapping[str, object]]:
    """Words, with a place for each. The split of the delay is for reading, never for a figure."""
    turn = exchange.heard.turn
    heard = {"kind": HEARD, "text": exchange.heard.text}
    found: list[Mapping[str, object]] = [
        heard | {"began": turn.began, "ended": turn.end_of_speech, "split": exchange.timings_ms()}
    ]
    if exchange.captions:
        began, ended = exchange.captions[0].began, exchange.captions[-1].ended
        found.append({"kind": KEPT, "text": exchange.reply, "began": began, "ended": ended})
    return found


def _fakes() -> tuple[Models, Synthesizer]:
    from oona.testing.speech import Loudness, Punctuation, Whistler, WhistleReader

    return Models(Loudness(), Punctuation(), WhistleReader()), Whistler()


def _real() -> tuple[Models, Synthesizer]:
    from oona.app import speech
    from oona.app.paths import models_dir

    return speech.ears(models_dir()), speech.voice()


def _with_oona(out: BinaryIO) -> None:
    from oona.app import speech
    from oona.app.conversation import Conversation
    from oona.cli.context import with_companion

    models, voice = _real()

    async def talk(conversation: Conversation) -> None:
        await conversation.open("bench")
        await conversation.ask("model", wait=_LOADING_S)
        await serve(speech.SpokenTo(conversation), models, voice, out)

    with_companion("me", talk, model_first=True)


def main(arguments: list[str]) -> int:
    """Serve one conversation."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.voice.served", description=__doc__)
    parser.add_argument("--partner", choices=("oona", "script"), default="oona")
    parser.add_argument("--whistled", action="store_true", help="no models: both sides whistle")
    given = parser.parse_args(arguments)
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)  # whatever prints must not speak over the line
        if given.partner == "oona":
            _with_oona(out)
        else:
            models, voice = _fakes() if given.whistled else _real()
            asyncio.run(serve(Scripted(), models, voice, out))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
