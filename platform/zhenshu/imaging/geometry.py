"""Where voxels are: the affine between array indices and DICOM's patient coordinates (LPS, mm)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zhenshu.errors import ZhenshuError

Floats = NDArray[np.float64]


class GeometryWrong(ZhenshuError):
    """The image geometry can't be used: {reason}"""

    status = 422
    zh = "影像几何信息无法使用：{reason_zh}"


@dataclass(frozen=True)
class Geometry:
    """A regular grid of voxels.

    `shape` counts voxels as (slices, rows, columns), the order of the arrays. `spacing` is in mm in the same
    order. `origin` is the LPS position (mm) of the centre of voxel (0, 0, 0). `direction` is 3x3; its columns
    are the unit LPS vectors along which the slice, row and column index grow (DICOM PS3.3 C.7.6.2.1.1).
    """

    shape: tuple[int, int, int]
    spacing: tuple[float, float, float]
    origin: tuple[float, float, float]
    direction: tuple[tuple[float, float, float], ...] = ((0, 0, 1), (0, 1, 0), (1, 0, 0))
    frame_of_reference_uid: str = ""

    def __post_init__(self) -> None:
        axes = np.asarray(self.direction, dtype=np.float64)
        if axes.shape != (3, 3) or not np.allclose(axes.T @ axes, np.eye(3), atol=1e-3):
            raise GeometryWrong(
                reason="the direction vectors are not orthonormal", reason_zh="方向向量不正交或未归一"
            )
        if min(self.spacing) <= 0 or min(self.shape) < 1:
            raise GeometryWrong(reason="spacing and shape must be positive", reason_zh="间距与尺寸须为正数")

    @property
    def affine(self) -> Floats:
        """4x4, from homogeneous indices (slice, row, column, 1) to LPS mm."""
        matrix = np.eye(4)
        matrix[:3, :3] = np.asarray(self.direction) * np.asarray(self.spacing)
        matrix[:3, 3] = self.origin
        return matrix

    @property
    def voxel_volume(self) -> float:
        """mm³"""
        return float(np.prod(self.spacing))

    def to_patient(self, indices: ArrayLike) -> Floats:
        """LPS mm of `indices`, shape (n, 3); fractional indices are allowed."""
        points = np.atleast_2d(np.asarray(indices, dtype=np.float64))
        return np.asarray(points @ self.affine[:3, :3].T + self.affine[:3, 3])

    def to_index(self, points: ArrayLike) -> Floats:
        """Fractional indices of LPS `points` in mm, shape (n, 3)."""
        moved = np.atleast_2d(np.asarray(points, dtype=np.float64)) - self.affine[:3, 3]
        return np.asarray(moved @ np.linalg.inv(self.affine[:3, :3]).T)
