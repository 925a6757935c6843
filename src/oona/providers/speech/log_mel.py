"""The log-mel spectrogram that OpenAI's Whisper was trained on (Radford et al., 2022).

25 ms Hann windows every 10 ms, 80 bands on Slaney's mel scale (Auditory Toolbox, 1998), base-10
logarithm, floored 8 below the loudest, scaled to about ±1.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from oona.core.speech import RATE, Samples

BANDS = 80
_WINDOW, _HOP = 400, 160
_LINEAR_UP_TO_HZ = 1_000.0
_HZ_A_MEL = 200 / 3
_STEP = np.log(6.4) / 27
"""Above 1 kHz, 27 mels are a factor of 6.4."""

_QUIETEST = 1e-10


def log_mel(samples: Samples) -> NDArray[np.float32]:
    """Shape (BANDS, len(samples) // 160), of samples at 16 kHz. Their loudness does not matter."""
    level = (samples - samples.mean()) / np.sqrt(samples.var() + 1e-7)
    padded = np.pad(level, _WINDOW // 2, mode="reflect")
    windows = sliding_window_view(padded, _WINDOW)[:-1:_HOP][: len(samples) // _HOP]
    spectrum = np.fft.rfft(windows * _hann(), axis=1).astype(np.complex64)
    power = spectrum.real**2 + spectrum.imag**2
    logs = np.log10(np.maximum(_filters() @ power.T, _QUIETEST))
    floored = np.maximum(logs, logs.max() - 8)
    scaled: NDArray[np.float32] = ((floored + 4) / 4).astype(np.float32)
    return scaled


@cache
def _hann() -> NDArray[np.float32]:
    return np.hanning(_WINDOW + 1)[:-1].astype(np.float32)


@cache
def _filters() -> NDArray[np.float32]:
    """Triangles of area 1, one row for each band."""
    edges = _hz(np.linspace(0, _mel(RATE / 2), BANDS + 2))
    bins = np.linspace(0, RATE / 2, _WINDOW // 2 + 1)
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (bins - low) / (middle - low), (high - bins) / (high - middle)
    triangles = np.maximum(0, np.minimum(rising, falling)) * 2 / (high - low)
    return np.asarray(triangles, np.float32)


def _mel(hz: float) -> float:
    if hz < _LINEAR_UP_TO_HZ:
        return hz / _HZ_A_MEL
    return float(_LINEAR_UP_TO_HZ / _HZ_A_MEL + np.log(hz / _LINEAR_UP_TO_HZ) / _STEP)


def _hz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    knee = _LINEAR_UP_TO_HZ / _HZ_A_MEL
    above = _LINEAR_UP_TO_HZ * np.exp(_STEP * (np.maximum(mels, knee) - knee))
    return np.where(mels < knee, mels * _HZ_A_MEL, above)
