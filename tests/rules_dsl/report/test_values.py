"""What is read from a report, rule by rule of the labelling guideline."""

from __future__ import annotations

import pytest

PRESENCE = [
    # negation and how far it reaches
    ("未见结节、肿块及钙化。", {"结节": "无", "肿块": "无", "钙化": "无"}),
    ("未见肿块，右肺见结节。", {"肿块": "无", "结节": "有"}),
    ("未见肿块，结节及钙化。", {"肿块": "无", "结节": "无", "钙化": "无"}),
    ("未见肿块但见结节。", {"肿块": "无", "结节": "有"}),
    ("结节未见强化。", {"结节": "有", "强化": "无"}),
    ("并非未见结节。", {"结节": "有"}),
    ("纵隔淋巴结未见肿大。", {"肿大淋巴结": "无"}),
    ("胸腔及心包未见积液。", {"胸腔积液": "无", "心包积液": "无"}),
    # words that negate nothing
    ("结节无明显变化。", {"结节": "有"}),
    ("病灶边界不清。", {"病灶": "有"}),
    ("肝内见无回声区。", {"无回声区": "有"}),
    # uncertainty, double negation
    ("肺癌不除外。", {"肺癌": "可疑"}),
    ("左肺结节，肺癌？", {"结节": "有", "肺癌": "可疑"}),
    ("建议除外转移。", {"转移": "可疑"}),
    ("左乳结节纤维腺瘤可能。", {"结节": "有", "纤维腺瘤": "可疑"}),
    # history, family, hypothesis
    ("右肺癌术后，未见复发。", {"肺癌": "既往", "复发": "无"}),
    ("母亲患乳腺癌。", {"乳腺癌": "家族"}),
    ("若出现咯血请就诊。", {"咯血": "假设"}),
    ("否认肺结核病史。", {"肺结核": "无"}),
]


@pytest.mark.parametrize(("text", "wanted"), PRESENCE)
def test_presence(read, text: str, wanted: dict[str, str]) -> None:
    found = read(text)["presence"]

    assert {key: found.get(key) for key in wanted} == wanted


def test_a_compound_with_a_finding_word_asserts_nothing(read) -> None:
    assert "结节" not in read("右肺见结节状改变。").get("presence", {})


COUNTS = [
    ("见2个结节。", 2),
    ("见一结节，另见一结节。", 2),
    ("见结节十二枚。", 12),
    ("见２枚结节。", 2),
    ("见十余枚结节。", {"min": 10}),
    ("见2-3枚结节。", {"min": 2, "max": 3}),
    ("见两三枚结节。", {"min": 2, "max": 3}),
    ("见数枚结节。", "多发"),
    ("双侧乳腺各见两枚结节。", 4),
    ("左乳1点、4点及10点分别见一结节。", 3),
    ("未见结节。", 0),
    ("第3胸椎见一结节。", 1),
]


@pytest.mark.parametrize(("text", "wanted"), COUNTS)
def test_count(read, text: str, wanted: object) -> None:
    assert read(text)["count"]["结节"] == wanted


SIZES = [
    ("结节约1.2*0.8cm。", 12),
    ("结节约5 mm x 3 mm X 2 mm。", 5),
    ("结节约３－５ｍｍ。", 5),
    ("结节均小于4mm。", {"lt": 4}),
    ("结节大小由6mm增至9mm。", 9),
    ("结节约20mm（原35mm）。", 20),
    ("结节距胸膜3cm，约8mm。", 8),
    ("见一结节。大小约8mm×6mm。", 8),
    ("右侧叶42*19*19mm，内见结节，约6mm。", 6),
    ("结节壁厚5mm。", None),
]


@pytest.mark.parametrize(("text", "wanted"), SIZES)
def test_largest_size(read, text: str, wanted: object) -> None:
    assert read(text).get("max_mm", {}).get("结节") == wanted


def test_a_finding_keeps_its_side_and_place(read) -> None:
    found = read("右肺上叶尖段见一结节，左肺下叶见一肿块。")

    assert found["site"]["结节"] == ["右肺上叶尖段"]
    assert found["side"] == found["side"] | {"结节": "右", "肿块": "左"}
    assert read("右肺见结节，左肺另见结节。")["side"]["结节"] == "双"
    assert read("左侧未见异常。右侧见一结节。")["side"]["结节"] == "右"


def test_the_higher_of_two_grades_is_the_reports(read) -> None:
    assert read("右乳BI-RADS 4a类；左乳BI-RADS 2类。")["grade"]["BI-RADS"] == "4A"
    assert read("左乳结节，Ⅳb类。")["grade"]["BI-RADS"] == "4B"


def test_the_longest_histology_class_wins(read) -> None:
    found = read("（左肺）腺鳞癌，中分化。")

    assert found["hist"] == {"type": "腺鳞癌", "malignant": "恶性", "diff": "中分化"}
    assert "腺癌" not in found["presence"]


def test_change_is_derived_from_two_sizes_and_says_so(find) -> None:
    change = next(it for it in find("病灶约1.8cm（原3.5cm）。").values if it.family == "change")

    assert (change.value, change.because) == ("缩小", "35 mm → 18 mm")


def test_numbers_come_in_the_unit_of_their_field(read) -> None:
    found = read("PR间期0.24s，平扫CT值约-20HU，距门齿28～32cm。")["num"]

    assert (found["PR间期ms"], found["平扫CT值"], found["距门齿cm"]) == (240, -20, [28, 32])


def test_a_classification_names_its_reason(find) -> None:
    found = next(it for it in find("（胃窦）印戒细胞癌。").values if it.key == "恶性组织分型")

    assert found.value == "腺癌"
    assert "印戒细胞癌" in found.because
    assert found.spans == ((4, 9),)
