"""Pixel access: the archive implements it, everything that computes on images asks through it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray

from zhenshu.errors import ZhenshuError
from zhenshu.imaging.geometry import Geometry, GeometryWrong
from zhenshu.security.policy import Scope


class SeriesNotFound(ZhenshuError):
    """There is no series {series}, or you may not see it."""

    status = 404
    zh = "没有序列 {series}，或您无权查看。"


@dataclass(frozen=True)
class Volume:
    """Voxels of one series with their geometry.

    `voxels` has the shape of `geometry`, already rescaled to `unit` (HU for CT, "" where there is none).
    """

    voxels: NDArray[Any]
    geometry: Geometry
    modality: str
    unit: str = ""

    def __post_init__(self) -> None:
        if self.voxels.shape != self.geometry.shape:
            found, needed = self.voxels.shape, self.geometry.shape
            raise GeometryWrong(
                reason=f"array {found}, geometry {needed}", reason_zh=f"数组为 {found}，几何为 {needed}"
            )


class PixelSource(Protocol):
    """Gives the voxels of a series to those whose scope reaches it."""

    def volume(self, scope: Scope, series_instance_uid: str) -> Volume:
        """
        Raises:
            SeriesNotFound: when there is none, or the scope does not reach it.
            GeometryWrong: when the images do not form one regular grid.
        """
        ...


class MemoryPixelSource:
    """The in-memory twin, for tests of what computes on images."""

    def __init__(self, volumes: Mapping[str, Volume]) -> None:
        self._volumes = dict(volumes)

    def volume(self, scope: Scope, series_instance_uid: str) -> Volume:
        try:
            return self._volumes[series_instance_uid]
        except KeyError:
            raise SeriesNotFound(series=series_instance_uid) from None
