"""What differs between two documents is told in words, all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metamodel.definitions import with_ids
from metamodel.plans.changes import Act, compare, counts_of
from metamodel.plans.documents import EMPTY
from metamodel.room import SEEDS
from metamodel.shipped import Shipped
from tests.metamodel.plans.world import database, field, record_type

Document = dict[str, Any]


def told(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [change.text().zh for change in compare(before, after)]


def lung(*fields: Document, **more: Any) -> Document:
    return database(record_type("patient", *fields) | {"label": {"zh": "患者", "en": "Patient"}}, **more)


def sex_choices(*codes: str) -> Document:
    labels = {"1": "男", "2": "女", "9": "未知"}
    choices = [{"code": code, "label": {"zh": labels[code], "en": code}} for code in codes]
    return {"sex": {"label": {"zh": "性别", "en": "Sex"}, "choices": choices}}


def test_equal_documents_have_no_differences() -> None:
    assert compare(lung(field("name")), lung(field("name"))) == []


def test_a_property_is_told_from_what_to_what() -> None:
    before = lung(field("age", "integer", minimum=0, unit="岁", label={"zh": "年龄", "en": "Age"}))
    after = lung(field("age", "integer", minimum=18, required=True, label={"zh": "年龄", "en": "Age"}))

    assert told(before, after) == [
        "字段 患者 · 年龄：最小值由“0”改为“18”",
        "字段 患者 · 年龄：清除单位（原为“岁”）",
        "字段 患者 · 年龄：必填由“否”改为“是”",
    ]


def test_texts_are_told_language_by_language() -> None:
    before = lung(field("age", help={"zh": "周岁", "en": "Years"}))
    after = lung(field("age", help={"zh": "周岁", "en": "Completed years"}))

    [change] = compare(before, after)

    assert change.text().en == "Patient · age (field): help text (English) “Years” becomes “Completed years”"


def test_zero_is_a_value_and_absent_is_the_same_as_empty() -> None:
    assert told(lung(field("n", "integer")), lung(field("n", "integer", minimum=0))) == [
        "字段 患者 · n：最小值设为“0”"
    ]
    assert compare(lung(field("n", unit="", required=False, checks=[])), lung(field("n"))) == []


def test_a_renamed_type_is_no_change_of_those_that_refer_to_it() -> None:
    exam = record_type("exam", field("no"), parent="patient", key="no")
    form = {"code": "base", "record_type": "patient", "items": [{"field": "name"}]}
    before = database(record_type("patient", field("name")), exam, forms=[form])
    after = deepcopy(before)
    after["record_types"][0]["code"] = after["record_types"][1]["parent"] = "person"
    after["record_types"][0]["fields"][0]["code"] = "full_name"
    after["forms"][0] |= {"record_type": "person", "items": [{"field": "full_name"}]}

    assert told(before, after) == [
        "记录类型 patient 的编码由 patient 改为 person",
        "字段 patient · name 的编码由 name 改为 full_name",
    ]


def test_choices_are_told_one_by_one() -> None:
    before = lung(field("sex", "choice", value_set="sex"), value_sets=sex_choices("1", "2", "9"))
    after = lung(field("sex", "choice", value_set="sex"), value_sets=sex_choices("2", "1"))
    after["value_sets"]["sex"]["choices"][0]["active"] = False

    assert told(before, after) == [
        "移除选项 性别 · 未知（9）",
        "选项 性别 · 女：启用由“是”改为“否”",
        "选项 性别 · 女 移到最前",
    ]


def test_as_few_fields_as_possible_are_told_to_have_moved() -> None:
    names = [f"f{n}" for n in range(50)]
    moved = [names[40], *names[:40], *names[41:]]

    changes = compare(lung(*map(field, names)), lung(*map(field, moved)))

    assert [(change.act, change.name.code) for change in changes] == [(Act.MOVE, "f40")]


def test_forms_are_told_item_by_item() -> None:
    items = [{"section": {"zh": "基本"}}, {"field": "name"}, {"field": "age"}]
    after_items = [{"section": {"zh": "基本信息"}}, {"field": "name", "widget": "area"}, {"field": "age"}]
    form = {"code": "base", "label": {"zh": "基线"}, "record_type": "patient"}
    before = lung(field("name"), field("age"), forms=[form | {"items": items}])
    after = lung(field("name"), field("age"), forms=[form | {"items": after_items}])

    assert told(before, after) == [
        "移除表单条目 基线 · 基本（标题）",
        "新增表单条目 基线 · 基本信息（标题）",
        "表单条目 基线 · name：控件设为“area”",
    ]


def test_a_first_release_is_new_as_a_whole() -> None:
    changes = compare(EMPTY, lung(field("name"), field("sex", "choice", value_set="sex"),
                                  value_sets=sex_choices("1", "2")))  # fmt: skip

    assert [change.text().zh for change in changes] == [
        "新增值域 性别（2 个选项）",
        "新增记录类型 患者（2 个字段）",
        "新增字段 患者 · name（文本）",
        "新增字段 患者 · sex（单选）",
    ]
    assert counts_of(changes) == {"added": 4, "removed": 0, "changed": 0}


def leaves(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value in a document but ids, codes that are matched by, and the kind."""
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in items:
        if key in ("id", "kind", "code") or (len(path) == 1 and path[0] == "value_sets"):
            continue
        yield from leaves(value, (*path, key))
    if not isinstance(part, dict | list):
        yield path


@pytest.fixture(scope="module")
def seed() -> Document:
    """A database with all that definitions can have."""
    return with_ids(Shipped(SEEDS).whole(SEEDS / "databases" / "lung_nodule.yaml"))


@given(data=st.data())
def test_no_change_of_a_value_is_silent(seed: Document, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(list(leaves(seed))))
    after = deepcopy(seed)
    part: Any = after
    for key in path[:-1]:
        part = part[key]
    value = part[path[-1]]
    part[path[-1]] = (not value) if isinstance(value, bool) else f"{value} changed"

    changes = compare(seed, after)

    assert changes
    assert all(change.text().zh and change.text().en for change in changes)


@given(data=st.data())
def test_no_addition_removal_or_move_of_a_part_is_silent(seed: Document, data: st.DataObject) -> None:
    after = deepcopy(seed)
    lists = [after["record_types"], after.get("forms") or [], after.get("events") or []]
    lists += [item["fields"] for item in after["record_types"]]
    lists += [item["items"] for item in after.get("forms") or []]
    lists += [item["choices"] for item in after["value_sets"].values()]
    chosen = data.draw(st.sampled_from([item for item in lists if len(item) > 1]))
    index = data.draw(st.integers(1, len(chosen) - 1))
    taken = chosen.pop(index)
    if moved := data.draw(st.booleans()):
        chosen.insert(0, taken)

    acts = {change.act for change in compare(seed, after)}

    assert (Act.MOVE if moved else Act.REMOVE) in acts
    assert moved or Act.ADD in {change.act for change in compare(after, seed)}
