"""Lung nodules: the Lung-RADS category (v2022) follows attenuation and mean diameter.

What follows from the risk of malignancy is invented. Nodules that grow double their volume in the mean time
that Hasegawa et al. (Br J Radiol 2000) found for cancers of their attenuation.
"""

from __future__ import annotations

from datetime import date
from random import Random

from modules.research.demo.cohort import Case, make_case
from modules.research.demo.common import labs
from modules.research.demo.draw import Draw
from modules.research.demo.persons import Person
from modules.research.demo.tree import Disease, Node


def case(draw: Draw, person: Person, today: date) -> Node:
    return tree_of(make_case(Random(f"lung {person.number}"), person, today), person)


def tree_of(case: Case, person: Person) -> Node:
    """The case's records; tests are drawn apart, so that they change nothing of the rest."""
    root = Node("patient", case.patient)
    for code, rows in (("visit", case.visits), ("pathology", case.pathology), ("treatment", case.treatment),
                       ("follow_up", case.follow_up)):  # fmt: skip
        for values in rows:
            root.add(code, values)
    for exam in case.exams:
        node = root.add("ct_exam", exam.values)
        node.add("report", exam.report)
        for values in exam.nodules:
            node.add("nodule", values)
    root.add("labs", _labs(Draw(f"labs {person.number}"), person, case))
    return root


def _labs(draw: Draw, person: Person, case: Case) -> dict[str, object]:
    """Tumour markers rise for some cancers; reference limits differ from laboratory to laboratory."""
    kinds = {values["histology"] for values in case.pathology}
    cancer = bool(kinds & {"adenocarcinoma", "squamous", "small_cell", "large_cell", "metastasis"})
    return labs(
        draw, person, case.visits[0]["visit_date"], 0.12 if cancer else 0.03,
        cea=draw.around(5.5 if "adenocarcinoma" in kinds else 2.0, 0.6, 0.2, 2000, 2),
        cyfra21_1=draw.around(4.5 if "squamous" in kinds else 1.8, 0.4, 0.3, 500, 2),
        nse=draw.around(30 if "small_cell" in kinds else 11, 0.3, 2, 900, 2),
        pro_grp=draw.around(300 if "small_cell" in kinds else 35, 0.35, 5, 9000, 1),
    )  # fmt: skip


DISEASE = Disease("lung_nodule", "LN", 0.55, (60, 10), 0.2, case)
