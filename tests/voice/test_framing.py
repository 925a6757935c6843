"""Framing: any rate, any number of channels, offset, clipping, and what is no sound at all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.core.errors import BadInput
from oona.core.speech import FRAME, FRAME_S, RATE
from oona.voice.framing import Frame, Framer

RATES = (8_000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000)


def tone(hertz: float, rate: int, seconds: float = 1.0) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(round(rate * seconds)) / rate)).astype(
        np.float32
    )


def framed(block: np.ndarray, rate: int, channels: int = 1) -> list[Frame]:
    framer = Framer(rate, channels)
    return framer.feed(block) + framer.flush()


def joined(frames: list[Frame]) -> np.ndarray:
    return np.concatenate([frame.samples for frame in frames])


@pytest.mark.parametrize("rate", RATES)
def test_a_tone_stays_the_same_tone_where_it_was(rate: int) -> None:
    """Whatever the rate, what comes out is the same wave at the same moments."""
    sound = joined(framed(tone(440, rate), rate))[:RATE]
    wanted = tone(440, RATE)
    middle = slice(RATE // 10, -RATE // 10)
    assert np.abs(sound[middle] - wanted[middle]).max() < 0.01


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_what_16_khz_cannot_hold_is_gone(rate: int) -> None:
    """A tone above half the rate is 60 dB down and not folded into what is heard."""
    sound = joined(framed(tone(9_500, rate), rate))
    assert np.abs(sound[RATE // 10 : -RATE // 10]).max() < 0.5e-3


@given(
    rate=st.sampled_from(RATES),
    cuts=st.lists(st.integers(0, 5_000), max_size=12),
)
def test_how_a_stream_is_cut_into_blocks_does_not_matter(rate: int, cuts: list[int]) -> None:
    """A device may give 1 sample or 5,000 at once: the frames are the same."""
    sound = np.random.default_rng(1).uniform(-0.5, 0.5, 6_000).astype(np.float32)
    whole = framed(sound, rate)
    framer, found = Framer(rate), []
    for part in np.split(sound, sorted(cuts)):
        found += framer.feed(part)
    found += framer.flush()
    assert len(found) == len(whole)
    assert np.allclose(joined(found), joined(whole), atol=1e-5)
    assert [frame.clipped for frame in found] == [frame.clipped for frame in whole]


def test_frames_follow_each_other_without_a_gap() -> None:
    """Frames are 32 ms, begin where the last one ended, and cover the whole recording."""
    frames = framed(tone(200, 44_100, 2.5), 44_100)
    assert all(frame.samples.shape == (FRAME,) for frame in frames)
    assert [round(f.began / FRAME_S) for f in frames] == list(range(len(frames)))
    assert 2.5 <= frames[-1].ended < 2.5 + 2 * FRAME_S


@given(offset=st.floats(-0.3, 0.3))
def test_a_constant_offset_changes_nothing(offset: float) -> None:
    """A microphone's offset is taken out to the last bit, from the first frame on."""
    sound = tone(150, RATE)
    plain, moved = joined(framed(sound, RATE)), joined(framed(sound + np.float32(offset), RATE))
    assert np.abs(plain - moved)[:RATE].max() < 1e-5


def test_clipping_is_told_where_it_is() -> None:
    """Frames say which share of their samples stood at full scale as they came in."""
    loud = np.clip(4 * tone(300, 48_000), -1, 1)
    frames = framed(np.concatenate([tone(300, 48_000), loud]), 48_000)
    halves = [np.mean([f.clipped for f in part]) for part in (frames[:30], frames[33:60])]
    assert halves[0] == 0
    assert 0.6 < halves[1] < 0.95


def test_channels_are_averaged() -> None:
    """Two microphones make one voice."""
    left, right = tone(300, RATE), tone(500, RATE)
    both = joined(framed(np.stack([left, right], axis=1), RATE, channels=2))
    assert np.allclose(both[:RATE], joined(framed((left + right) / 2, RATE))[:RATE], atol=1e-5)


def test_what_is_no_number_is_silence() -> None:
    """A broken driver's NaN and infinity do not reach the models."""
    sound = tone(300, RATE)
    sound[1_000:1_010] = np.nan
    sound[2_000] = np.inf
    assert np.isfinite(joined(framed(sound, RATE))).all()


@pytest.mark.parametrize(("rate", "channels"), [(0, 1), (1_000, 1), (10**9, 1), (16_000, 0)])
def test_an_impossible_stream_is_refused(rate: int, channels: int) -> None:
    """A rate or a number of channels that no microphone has is told, and not tried."""
    with pytest.raises(BadInput):
        Framer(rate, channels)
