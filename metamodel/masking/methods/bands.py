"""Methods that make a value coarser."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from metamodel.masking.keys import Keys
from metamodel.masking.methods.base import Example, Method, Options, Parameter
from metamodel.masking.text import Mask, Masked


class AgeBand(Method):
    """An age in years as a band of some years; all from a highest age on are one."""

    name, zh, en = "age_band", "年龄段", "Age band"
    does_zh = "年龄换成年龄段；达到上限的合为一段。"
    does_en = "An age becomes a band of years; those from the upper limit on are one band."
    leaves_zh = "年龄段仍可见，与性别、地区合起来可能缩小到很少的人。"
    leaves_en = "The band stays visible; with sex and place it may leave few people."
    kinds = ("number",)
    parameters = (
        Parameter("width", "每段岁数", "Years of a band", 10, minimum=2, maximum=50),
        # The upper limit of 90 is that of HIPAA's Safe Harbor, 45 CFR 164.514(b)(2)(i)(C).
        Parameter("top", "上限", "Upper limit", 90, minimum=50, maximum=120),
    )
    examples = (Example(67, "60-69"), Example(67, "65-69", {"width": 5}), Example(93, "≥90"))

    def mask(self, options: Options, keys: Keys) -> Mask:
        width, top = options["width"], options["top"]

        def mask(value: Any, person: int | None) -> Any:
            if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or value < 0:
                raise ValueError
            if value >= top:
                return Masked(f"≥{top}")
            low = int(value) // width * width
            return Masked(f"{low}-{min(low + width, top) - 1}")

        return mask
