"""Imaging contracts that modules meet at: geometry, pixel access, masks, algorithms."""

from zhenshu.imaging.algorithm import Algorithm, AlgorithmDescription, Evidence, Finding, RunResult
from zhenshu.imaging.geometry import Geometry, GeometryWrong
from zhenshu.imaging.pixels import MemoryPixelSource, PixelSource, SeriesNotFound, Volume
from zhenshu.imaging.regions import MaskCodec, RegionMask

__all__ = [
    "Algorithm",
    "AlgorithmDescription",
    "Evidence",
    "Finding",
    "Geometry",
    "GeometryWrong",
    "MaskCodec",
    "MemoryPixelSource",
    "PixelSource",
    "RegionMask",
    "RunResult",
    "SeriesNotFound",
    "Volume",
]
