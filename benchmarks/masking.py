"""Masking: an export of 100,000 records of 10 fields, all of them masked, beside the same export in clear.

    python -m benchmarks.masking              SQLite in a temporary folder
    python -m benchmarks.masking URL          an empty PostgreSQL database

One line of JSON an export to CSV, as its job does it; then one a method, by function call, each value of
another patient.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from metamodel.catalogue import catalogue_of
from metamodel.definitions import publish_plain, save_draft
from metamodel.exchange.records.jobs import JOBS
from metamodel.masking import KIND, fakes
from metamodel.masking.keys import example_keys
from metamodel.masking.methods import METHODS
from metamodel.plans import publish
from metamodel.records import NewRecord, RecordStore
from zhenshu.db.migrations import upgrade
from zhenshu.instance import Instance
from zhenshu.jobs import bind_jobs, run_now, submit
from zhenshu.security.grant import Grant
from zhenshu.security.policy import Channel
from zhenshu.security.secrets import Secrets
from zhenshu.security.subject import SYSTEM, Subject
from zhenshu.settings import Settings

RECORDS, BATCH, CALLS = 100_000, 1_000, 100_000
RESEARCHER = Subject(
    1,
    "researcher",
    permissions=frozenset({("view", "records"), ("export", "records")}),
    grants=(Grant(1, "", frozenset({"view", "export"}), {"plain": "show", "identifying": "mask"}),),
)
# Field -> its type, and the method and parameters of its masking type.
FIELDS: Final[dict[str, tuple[str, str, dict[str, Any]]]] = {
    "no": ("string", "pseudonym", {}),
    "name": ("string", "name", {}),
    "alias": ("string", "fake", {}),
    "id_card": ("string", "id_card", {"style": "replace"}),
    "phone": ("string", "phone", {}),
    "address": ("string", "address", {}),
    "email": ("string", "email", {}),
    "born": ("date", "date_shift", {}),
    "age": ("integer", "age_band", {}),
    "inpatient_no": ("string", "hash", {}),
}


def main(arguments: list[str]) -> None:
    """Measure on a fresh instance, in the database that `arguments` name."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), database_url=arguments[0] if arguments else "")
        instance = Instance(settings)
        Secrets.create(settings.secrets_folder)
        upgrade(instance)
        bind_jobs(instance, JOBS, load_subject=lambda conn, user: RESEARCHER, wake=lambda queue, job: None)
        publish_types(instance)
        for figure in (exported(instance, "clear", False), exported(instance, "masked", True)):
            print(json.dumps({"database": instance.engine.dialect.name} | figure), flush=True)
        instance.close()
    if not arguments:
        for figure in methods():
            print(json.dumps(figure))


def publish_types(instance: Instance) -> None:
    with instance.write(SYSTEM, Channel.API) as uow:
        for code, (_, method, parameters) in FIELDS.items():
            document = {"kind": KIND, "code": code, "method": method, "parameters": parameters}
            save_draft(uow, KIND, document)
            publish_plain(uow, KIND, code)


def exported(instance: Instance, code: str, masked: bool) -> dict[str, Any]:
    """Fill a database and export it for someone who may not identify patients."""
    fields = [
        {
            "code": name,
            "type": kind,
            "label": {"zh": name, "en": name},
            "masking": name,
            "identifying": masked,
        }
        for name, (kind, _, _) in FIELDS.items()
    ]
    patient = {"code": "patient", "label": {"zh": "患者", "en": "Patient"}, "parent": None, "key": "no"}
    document = {"kind": "database", "code": code, "record_types": [patient | {"fields": fields}]}
    with instance.write(SYSTEM, Channel.API) as uow:
        save_draft(uow, "database", document)
    publish(instance, SYSTEM, code, Channel.API)
    for start in range(0, RECORDS, BATCH):
        with instance.write(SYSTEM, Channel.API) as uow:
            kind = catalogue_of(uow).record_type(f"{code}.patient")
            rows = [NewRecord(person(number)) for number in range(start, start + BATCH)]
            assert not RecordStore(uow).add_many(kind, rows).rejected
    args = {
        "database": code, "record_type": "patient", "where": None, "select": None, "format": "csv",
        "labels": False, "language": "zh", "bom": False,
    }  # fmt: skip
    begun = time.perf_counter()
    with instance.write(RESEARCHER, Channel.API) as uow:
        number = submit(uow, "records.export", args)
    job = run_now(instance, number)
    spent = time.perf_counter() - begun
    assert job.result is not None and job.result["records"] == RECORDS
    return {
        "figure": f"export, {code}",
        "seconds": round(spent, 1),
        "rows_per_second": round(RECORDS / spent),
    }


def person(number: int) -> dict[str, Any]:
    """An invented person; each is another."""
    draw = fakes.Draw(sha256(str(number).encode()).digest())
    name, born = fakes.name(draw), date(1940, 1, 1) + timedelta(days=draw.below(25_000))
    return {
        "no": f"P{number:06d}", "name": name, "alias": name, "id_card": fakes.id_number(draw, born),
        "phone": fakes.phone(draw), "address": f"浙江省{fakes.address(draw)}", "email": fakes.email(draw),
        "born": born, "age": 2026 - born.year, "inpatient_no": f"ZY{draw.digits(8)}",
    }  # fmt: skip


def methods() -> Iterator[dict[str, Any]]:
    """Values that each method masks in a second."""
    people = [person(number) for number in range(1_000)]
    for field, (_, name, parameters) in FIELDS.items():
        mask = METHODS[name].make(parameters, example_keys())
        values = [each[field] for each in people] * (CALLS // len(people))
        begun = time.perf_counter()
        for patient, value in enumerate(values, 1):
            mask(value, patient)
        spent = time.perf_counter() - begun
        yield {"figure": f"mask by {name}", "values_per_second": round(CALLS / spent)}


if __name__ == "__main__":
    main(sys.argv[1:])
