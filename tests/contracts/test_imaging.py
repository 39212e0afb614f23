"""Pixel access, masks and algorithms: what every implementation must keep.

The functions `keeps_...` are the contract; a module that implements one calls them in its own tests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhenshu.imaging import (
    Algorithm,
    AlgorithmDescription,
    Finding,
    Geometry,
    GeometryWrong,
    MaskCodec,
    MemoryPixelSource,
    PixelSource,
    RegionMask,
    RunResult,
    SeriesNotFound,
    Volume,
)
from zhenshu.security import SYSTEM, Action, Channel, Scope

SCOPE = Scope(SYSTEM, Action.VIEW, Channel.AI)
GRID = Geometry((4, 5, 6), (2.5, 0.7, 0.8), (-120.0, -90.5, 33.0), frame_of_reference_uid="2.25.1")


def keeps_pixel_source(source: PixelSource, known: str) -> None:
    volume = source.volume(SCOPE, known)
    assert volume.voxels.shape == volume.geometry.shape
    with pytest.raises(SeriesNotFound):
        source.volume(SCOPE, "2.25.404")


def keeps_mask_codec(codec: MaskCodec, masks: Sequence[RegionMask]) -> None:
    back = codec.decode(codec.encode(masks), masks[0].geometry)
    assert [mask.name for mask in back] == [mask.name for mask in masks]
    if codec.exact:
        assert all(np.array_equal(a.voxels, b.voxels) for a, b in zip(back, masks, strict=True))


def keeps_algorithm(algorithm: Algorithm, volume: Volume, parameters: Mapping[str, Any]) -> None:
    description = algorithm.describe()
    assert description.name and description.version and description.label["zh"]
    first, second = algorithm.run(volume, parameters), algorithm.run(volume, parameters)
    assert [f.measurements for f in first.findings] == [f.measurements for f in second.findings]
    assert bool(first.findings) <= (first.not_assessable is None)


class Threshold:
    """The smallest honest algorithm: voxels above a threshold, or nothing where there is no HU."""

    def describe(self) -> AlgorithmDescription:
        return AlgorithmDescription(
            "threshold", "1", {"zh": "阈值", "en": "Threshold"}, ("CT",), {"type": "object"}
        )

    def run(self, volume: Volume, parameters: Mapping[str, Any]) -> RunResult:
        if volume.unit != "HU":
            return RunResult(not_assessable={"zh": "没有 HU 值", "en": "no Hounsfield units"})
        mask = RegionMask(volume.voxels > parameters["above"], volume.geometry, "dense")
        return RunResult((Finding("dense", {"volume_mm3": mask.volume}, region=mask),))


class BitCodec:
    """Masks packed bit by bit, the plainest exact form."""

    name = "bits"
    exact = True

    def encode(self, masks: Sequence[RegionMask]) -> bytes:
        return b"\n".join(
            mask.name.encode() + b":" + np.packbits(mask.voxels).tobytes().hex().encode() for mask in masks
        )

    def decode(self, data: bytes, geometry: Geometry) -> list[RegionMask]:
        size = int(np.prod(geometry.shape))
        parts = [line.split(b":") for line in data.split(b"\n")]
        arrays = [np.frombuffer(bytes.fromhex(bits.decode()), dtype=np.uint8) for _, bits in parts]
        voxels = [np.unpackbits(array, count=size).astype(bool).reshape(geometry.shape) for array in arrays]
        return [RegionMask(v, geometry, name.decode()) for v, (name, _) in zip(voxels, parts, strict=True)]


def a_volume(unit: str = "HU") -> Volume:
    values = np.arange(120, dtype=np.float32).reshape(GRID.shape)
    return Volume(values, GRID, "CT", unit)


def test_the_memory_twin_keeps_the_contract_of_pixel_sources() -> None:
    keeps_pixel_source(MemoryPixelSource({"2.25.7": a_volume()}), "2.25.7")


def test_an_exact_codec_gives_masks_back_voxel_by_voxel() -> None:
    voxels = np.zeros(GRID.shape, dtype=bool)
    voxels[1:3, 2, 4] = True
    keeps_mask_codec(BitCodec(), [RegionMask(voxels, GRID, "nodule 1"), RegionMask(~voxels, GRID, "rest")])


def test_an_algorithm_repeats_itself_and_may_say_not_assessable() -> None:
    keeps_algorithm(Threshold(), a_volume(), {"above": 100})
    keeps_algorithm(Threshold(), a_volume(unit=""), {"above": 100})


def test_a_region_knows_its_volume_in_cubic_millimetres() -> None:
    result = Threshold().run(a_volume(), {"above": 117.5})
    assert result.findings[0].measurements["volume_mm3"] == pytest.approx(2 * 2.5 * 0.7 * 0.8)


@given(st.lists(st.floats(-500, 500), min_size=3, max_size=3))
def test_indices_and_patient_coordinates_are_inverse(point: list[float]) -> None:
    oblique = Geometry((9, 9, 9), (3.0, 0.5, 0.5), (1, 2, 3), ((0, 0.6, 0.8), (0, 0.8, -0.6), (1, 0, 0)))
    assert oblique.to_patient(oblique.to_index(point))[0] == pytest.approx(point, abs=1e-6)


def test_a_sheared_grid_is_refused() -> None:
    with pytest.raises(GeometryWrong):
        Geometry((2, 2, 2), (1, 1, 1), (0, 0, 0), ((1, 0.2, 0), (0, 1, 0), (0, 0, 1)))


def test_voxels_must_fit_their_geometry() -> None:
    with pytest.raises(GeometryWrong):
        Volume(np.zeros((1, 2, 3)), GRID, "CT")
