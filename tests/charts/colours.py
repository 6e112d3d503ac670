"""Colours as people see them: how well text can be read, and what the colour-blind tell apart."""

from collections.abc import Mapping

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

BLINDNESS: Mapping[str, tuple[tuple[float, float, float], ...]] = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""What becomes of linear RGB: Machado, Oliveira and Fernandes (2009), severity 1.0."""

_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750))
_XYZ_OF_RGB = np.array((*_XYZ, (0.0193339, 0.1191920, 0.9503041)))
_WHITE = _XYZ_OF_RGB.sum(axis=1)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21, as WCAG 2 has it."""
    darker, lighter = sorted(float(_XYZ_OF_RGB[1] @ _linear(each)) for each in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def distance(one: str, other: str, blindness: str = "none") -> float:
    """Return how far apart two colours look (CIE 1976): 2 is just seen, 100 is black and white."""
    matrix = np.array(BLINDNESS[blindness])
    first, second = (_lab(np.clip(matrix @ _linear(each), 0, 1)) for each in (one, other))
    return float(np.linalg.norm(first - second))


def _linear(colour: str) -> NDArray[np.float64]:
    values = np.array(to_rgb(colour))
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _lab(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio = _XYZ_OF_RGB @ linear / _WHITE
    x, y, z = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array((116 * y - 16, 500 * (x - y), 200 * (y - z)))
