"""Regions as masks on a grid, and what turns them into a standard's bytes and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from zhenshu.imaging.geometry import Geometry, GeometryWrong


@dataclass(frozen=True)
class RegionMask:
    """One region: a boolean array on `geometry`, its name and the standard code of what it is."""

    voxels: NDArray[np.bool_]
    geometry: Geometry
    name: str
    code: tuple[str, str, str] = ("", "", "")  # code value, coding scheme, meaning
    attributes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.voxels.shape != self.geometry.shape:
            found, needed = self.voxels.shape, self.geometry.shape
            raise GeometryWrong(
                reason=f"mask {found}, geometry {needed}", reason_zh=f"掩膜为 {found}，几何为 {needed}"
            )

    @property
    def volume(self) -> float:
        """mm³"""
        return float(self.voxels.sum()) * self.geometry.voxel_volume


class MaskCodec(Protocol):
    """A standard form of masks, e.g. DICOM SEG or RTSTRUCT."""

    name: str
    exact: bool  # do masks come back voxel by voxel, or only as close as contours allow?

    def encode(self, masks: Sequence[RegionMask]) -> bytes: ...

    def decode(self, data: bytes, geometry: Geometry) -> list[RegionMask]:
        """The masks in `data`, on `geometry`.

        Raises:
            GeometryWrong: when the data lies in another frame of reference.
        """
        ...
