"""Moonshine tiny, English (Jeffries et al., 2024, MIT): speech to text.

An encoder over the raw waveform and a decoder with a key-value cache, both in 8 bits, run by ONNX
Runtime; greedy decoding. The publisher's own library does the same in four to six times the time,
since it looks for speech and speakers as well, and would bring a second ONNX Runtime.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oona.core.errors import WeightsFault
from oona.core.speech import RATE, Samples, Transcript
from oona.providers.speech.runtime import session

ENCODER = "moonshine-tiny-encoder"
DECODER = "moonshine-tiny-decoder"
VOCABULARY = "moonshine-tiny-vocabulary"
"""Their names in the catalogue of weights."""

LONGEST_S = 30.0
"""What is longer is written down in parts: the model was trained on no more."""

_SHORTEST = RATE // 8
_TOKENS_A_SECOND = 6.5  # as the authors limit it: what hallucinates repeats itself without end
_SPARE_TOKENS = 4
_ROUNDS = 24
"""Tokens: nobody says "no" that often, or a phrase of eight tokens three times."""

_START, _END = 1, 2
_SPACE = "\u2581"
_PAST, _PRESENT = "past_key_values", "present"
_LOOK_FOR_PAUSE_S = 6.0


def _never() -> bool:
    return False


class MoonshineTiny:
    """A Transcriber; a tenth of a second for an utterance of three, on one core.

    Raises WeightsFault when the files are not what they should be.
    """

    def __init__(self, encoder: Path, decoder: Path, vocabulary: Path) -> None:
        self._encoder = session(encoder)
        self._decoder = session(decoder)
        self._tokens = read_vocabulary(vocabulary)
        self._cache = {
            given.name: given.shape
            for given in self._decoder.get_inputs()
            if given.name.startswith(_PAST)
        }
        self._outputs = [
            given.name.replace(_PRESENT, _PAST) for given in self._decoder.get_outputs()
        ]

    def transcribe(self, samples: Samples, stop: Callable[[], bool] = _never) -> Transcript:
        texts: list[str] = []
        likelihoods: list[float] = []
        whole = True
        for part in _parts(samples):
            tokens, found, whole = self._decode(part, stop)
            if text := self._text(tokens):
                texts.append(text)
                likelihoods += found
            if not whole:
                break
        confidence = float(np.exp(np.mean(likelihoods))) if likelihoods else 0.0
        return Transcript(" ".join(texts), confidence, whole)

    def _decode(
        self, samples: Samples, stop: Callable[[], bool]
    ) -> tuple[list[int], list[float], bool]:
        """Tokens, the logarithms of their probabilities, and whether it came to its end."""
        if len(samples) < _SHORTEST:  # less than the encoder makes one step of
            samples = np.pad(samples, (0, _SHORTEST - len(samples)))
        mask = np.ones((1, len(samples)), np.int64)
        given = {"input_values": samples[None], "attention_mask": mask}
        states = self._encoder.run(None, given)[0]
        length = states.shape[1]
        feed: dict[str, NDArray[Any]] = {
            "encoder_hidden_states": states,
            "encoder_attention_mask": mask,  # it, too, counts samples, and thins them out
            "use_cache_branch": np.array([False]),
        }
        for name, shape in self._cache.items():
            steps = length if ".encoder." in name else 0
            feed[name] = np.zeros((1, shape[1], steps, shape[3]), np.float32)
        token = _START
        tokens: list[int] = []
        likelihoods: list[float] = []
        for _ in range(int(len(samples) / RATE * _TOKENS_A_SECOND) + _SPARE_TOKENS):
            if stop():
                return tokens, likelihoods, False
            feed["input_ids"] = np.array([[token]])
            logits, *cache = self._decoder.run(None, feed)
            token, likelihood = _likeliest(logits[0, -1])
            if token == _END:
                break
            tokens.append(token)
            likelihoods.append(likelihood)
            if _goes_round(tokens):
                return [], [], True
            self._keep(feed, cache)
        return tokens, likelihoods, True

    def _keep(self, feed: dict[str, NDArray[Any]], cache: list[NDArray[Any]]) -> None:
        """Hand the decoder's cache on. What concerns the sound is only made in the first step."""
        first = not feed["use_cache_branch"][0]
        named = zip(self._outputs[1:], cache, strict=True)
        feed |= {name: value for name, value in named if first or ".decoder." in name}
        feed["use_cache_branch"] = np.array([True])

    def _text(self, tokens: list[int]) -> str:
        joined = b"".join(self._tokens[token] for token in tokens)
        return joined.decode("utf-8", "replace").replace(_SPACE, " ").strip()


def read_vocabulary(path: Path) -> list[bytes]:
    """The bytes of each token, in their order.

    In the file, a token's length stands before it: in one byte, or from 128 on in two, of which the
    first has its highest bit set and holds the lower seven. Raises WeightsFault for another file.
    """
    try:
        data = path.read_bytes()
        tokens, at = [], 0
        while at < len(data):
            length, at = data[at], at + 1
            if length >= 128:
                length, at = (data[at] << 7) + length - 128, at + 1
            if at + length > len(data):
                raise IndexError
            tokens.append(data[at : at + length])
            at += length
    except OSError as fault:
        raise WeightsFault(f"{path} cannot be read: {fault.strerror}.") from None
    except IndexError:
        raise WeightsFault(
            f"{path} is not the vocabulary that it should be.",
            f"`oona models verify {VOCABULARY}` deletes a damaged one, `oona models fetch "
            f"{VOCABULARY}` brings it again.",
        ) from None
    return tokens


def _likeliest(logits: NDArray[np.float32]) -> tuple[int, float]:
    """The likeliest token, and the logarithm of its probability."""
    token = int(logits.argmax())
    return token, -float(np.log(np.exp(logits - logits[token]).sum()))


def _goes_round(tokens: list[int]) -> bool:
    """Whether it repeats itself, as it does without end on music and noise: there are no words."""
    last = tokens[-_ROUNDS:]
    return len(last) == _ROUNDS and any(
        last[period:] == last[:-period] for period in range(1, _ROUNDS // 3 + 1)
    )


def _parts(samples: Samples) -> list[Samples]:
    """`samples` in parts of at most `LONGEST_S`, divided where it is quietest."""
    longest, look = int(LONGEST_S * RATE), int(_LOOK_FOR_PAUSE_S * RATE)
    parts = []
    while len(samples) > longest:
        window = RATE // 10
        tail = samples[longest - look : longest]
        loudness = np.square(tail[: len(tail) // window * window]).reshape(-1, window).sum(axis=1)
        cut = longest - look + int(loudness.argmin()) * window + window // 2
        parts.append(samples[:cut])
        samples = samples[cut:]
    return [*parts, samples]
