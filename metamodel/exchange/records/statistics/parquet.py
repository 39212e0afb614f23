"""Parquet files: types as they are, choices as a dictionary, labels and units in each column's metadata."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from metamodel.exchange.records.statistics.shapes import Shape
from metamodel.exchange.records.statistics.spool import Spool, arrow_type
from metamodel.exchange.records.statistics.variables import Kind


def write_parquet(
    path: Path, names: Sequence[str], shapes: Sequence[Shape], spool: Spool, language: str | None
) -> None:
    """`language` has labels in the place of codes; None keeps codes."""
    kinds = [arrow_type(shape.kind, shape.variable.scale) for shape in shapes]
    choice = pa.dictionary(pa.int32(), pa.string())
    schema = pa.schema(
        [
            pa.field(name, choice if shape.kind is Kind.CHOICE else kind, metadata=_metadata(shape))
            for name, shape, kind in zip(names, shapes, kinds, strict=True)
        ]
    )
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for group in range(spool.groups):
            arrays = [_array(shape, spool, group, language) for shape in shapes]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _array(shape: Shape, spool: Spool, group: int, language: str | None) -> Any:
    array = shape.convert(spool.read(shape.variable, group))
    if shape.kind is not Kind.CHOICE:
        return array
    codes = list(shape.choices)
    texts = level_texts(shape, language)
    places = {code: place for place, code in enumerate(codes)}
    indices = pa.array([places.get(code) for code in array.to_pylist()], pa.int32())
    return pa.DictionaryArray.from_arrays(indices, pa.array(texts, pa.string()))


def level_texts(shape: Shape, language: str | None) -> list[str]:
    """What stands for each choice: its label where one is asked for and no other has it, else its code."""
    if language is None:
        return list(shape.choices)
    labels = [label.text(language) for label in shape.choices.values()]
    return [
        label if label and labels.count(label) == 1 else code
        for code, label in zip(shape.choices, labels, strict=True)
    ]


def _metadata(shape: Shape) -> dict[str, str]:
    said = {
        "label_zh": shape.label.text("zh"),
        "label_en": shape.label.text("en"),
        "field": shape.variable.name,
    }
    if shape.unit:
        said["unit"] = shape.unit
    if shape.choices:
        said["choices"] = json.dumps(
            {code: {"zh": label.zh, "en": label.en} for code, label in shape.choices.items()},
            ensure_ascii=False,
        )
    return said
