"""A job that tries what its subject may not do stands in the trail."""

import pytest
from sqlalchemy import select

from zhenshu.audit import audit_entry
from zhenshu.instance import Instance
from zhenshu.jobs import JobKind, JobRun, bind_jobs, run_now, submit
from zhenshu.security.policy import Channel, Denied
from zhenshu.security.subject import Subject

LI = Subject(id=None, name="li", address="10.0.0.9")


def test_a_job_without_a_right_is_told_as_an_attempt(instance: Instance) -> None:
    def run(run: JobRun) -> None:
        raise Denied(action="export", resource="lung.patient")

    bind_jobs(instance, [JobKind("take", {"zh": "取", "en": "Take"}, run)], wake=lambda queue, job_id: None)
    with instance.write(LI, Channel.EXPORT) as uow:
        number = submit(uow, "take", {})
    with pytest.raises(Denied):
        run_now(instance, number)

    with instance.read(LI, Channel.AUDIT) as uow:
        row = uow.conn.execute(select(audit_entry).where(audit_entry.c.action == "attempt")).one()
    assert (row.subject_name, row.resource_kind, row.resource) == ("li", "jobs", str(number))
    assert (row.outcome, row.detail) == ("denied", {"kind": "take", "code": "Denied"})
