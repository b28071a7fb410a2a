"""The colours of a map stay apart for every eye: Machado 2009 simulations, CIE76 differences."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from dashboard.figures.palette import DIVERGENTE, STATUTS, palette_centree, palette_classes

VISIONS = {
    "normale": np.eye(3),
    "protanopie": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                            [-0.003882, -0.048116, 1.051998]]),
    "deutéranopie": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                              [-0.011820, 0.042940, 0.968881]]),
    "tritanopie": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                            [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip
"""Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB."""
_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_BLANC = np.array([0.95047, 1.0, 1.08883])


def lab(teinte: str, vision: str) -> npt.NDArray[np.float64]:
    """CIE Lab of a colour as this eye sees it."""
    srgb = np.array(list(bytes.fromhex(teinte[1:]))) / 255
    lineaire = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    xyz = _XYZ @ np.clip(VISIONS[vision] @ lineaire, 0, 1) / _BLANC
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ecart(a: str, b: str, vision: str) -> float:
    return float(np.linalg.norm(lab(a, vision) - lab(b, vision)))


def test_the_measure_agrees_with_known_values() -> None:
    assert np.allclose(lab("#FFFFFF", "normale"), [100, 0, 0], atol=0.01)
    assert np.allclose(lab("#FF0000", "normale"), [53.24, 80.09, 67.20], atol=0.02)


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("nombre", range(2, 7))
@pytest.mark.parametrize("divergente", [False, True])
def test_every_pair_of_classes_stays_apart(vision: str, nombre: int, divergente: bool) -> None:
    teintes = palette_classes(nombre, divergente)
    pires = min(ecart(a, b, vision) for i, a in enumerate(teintes) for b in teintes[i + 1 :])
    assert pires > 10, (vision, teintes, pires)


@pytest.mark.parametrize("vision", VISIONS)
def test_neighbouring_classes_stay_apart_up_to_nine(vision: str) -> None:
    """Nine classes: the most that thresholds by hand allow."""
    assert min(ecart(a, b, vision) for a, b in pairwise(palette_classes(9, False))) > 6


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize(("sous", "sur"), [(1, 1), (1, 3), (2, 3), (3, 3), (3, 1)])
def test_the_two_sides_of_a_centred_scale_are_never_taken_for_each_other(vision: str, sous: int, sur: int) -> None:
    teintes = palette_centree(sous, sur)
    assert len(teintes) == sous + sur
    assert min(ecart(a, b, vision) for a in teintes[:sous] for b in teintes[sous:]) > 10


def test_the_centre_of_a_scale_stays_the_centre_whatever_is_on_each_side() -> None:
    assert palette_centree(3, 3) == DIVERGENTE
    for sous in range(1, 6):
        for sur in range(1, 6):
            bas, haut = palette_centree(sous, sur)[:sous], palette_centree(sous, sur)[sous:]
            assert all(int(t[1:3], 16) > int(t[5:7], 16) for t in bas), "sous le centre : les bruns"
            assert all(int(t[1:3], 16) < int(t[3:5], 16) for t in haut), "au-dessus : les verts"


@pytest.mark.parametrize("nombre", range(1, 10))
def test_classes_never_share_a_colour(nombre: int) -> None:
    for divergente in (False, True):
        assert len(set(palette_classes(nombre, divergente))) == nombre


def test_statuses_have_a_contrast_of_three_on_white() -> None:
    for teinte in STATUTS.values():
        clarte = (lab(teinte, "normale")[0] + 16) / 116
        assert 1.05 / (clarte**3 + 0.05) > 3
