"""What a failed job's error quotes is told to who submitted it and to nobody else, nor kept in clear."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, update

from tests.zhenshu.jobs.test_ends import LI
from zhenshu.errors import Invalid, ZhenshuError
from zhenshu.instance import Instance
from zhenshu.jobs import Job, JobKind, JobRun, bind_jobs, get_job, job, list_jobs, run_now, submit
from zhenshu.notices import list_notices
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

PERSON = "欧阳澜湘"


class FileWrong(ZhenshuError):
    """File {file} breaks off in line {line}. Nothing was imported."""

    zh = "文件 {file} 在第 {line} 行中断。未导入任何内容。"


@pytest.fixture
def failed(instance: Instance) -> Job:
    """A job of Li's whose error names a file."""

    def run(run: JobRun) -> None:
        raise FileWrong(file=f"{PERSON}.csv", line=7)

    bind_jobs(instance, [JobKind("load", {"zh": "导入", "en": "Import"}, run)], wake=lambda *_: None)
    with instance.write(LI, Channel.SCREEN) as uow:
        id_ = submit(uow, "load", {})
    with pytest.raises(FileWrong):
        run_now(instance, id_)
    return read(instance, id_)


def read(instance: Instance, id_: int) -> Job:
    with instance.read(SYSTEM, Channel.API) as uow:
        return get_job(uow, id_)


def test_the_outline_has_numbers_and_words_of_our_own_alone(failed: Job) -> None:
    assert failed.outline == {
        "code": "FileWrong",
        "zh": "文件 … 在第 7 行中断。未导入任何内容。",
        "en": "File … breaks off in line 7. Nothing was imported.",
        "details": {},
    }


def test_who_submitted_it_reads_the_whole(failed: Job) -> None:
    assert failed.error is not None
    assert failed.error["zh"] == f"文件 {PERSON}.csv 在第 7 行中断。未导入任何内容。"
    assert failed.error.keys() == {"code", "zh", "en", "details"}


def test_neither_the_row_nor_the_notice_holds_it_in_clear(failed: Job, instance: Instance) -> None:
    with instance.read(SYSTEM, Channel.API) as uow:
        row = json.dumps(uow.conn.execute(select(job.c.error)).scalar_one(), ensure_ascii=False)
        [notice] = list_notices(uow, LI.id or 0)

    assert "line 7" in row and PERSON not in row
    assert "第 7 行" in notice.zh and PERSON not in notice.zh + notice.en


@pytest.mark.parametrize("how", ["altered", "of another job"])
def test_a_row_that_was_tampered_with_leaves_the_outline_and_the_list(
    failed: Job, instance: Instance, how: str
) -> None:
    with instance.write(SYSTEM, Channel.API) as uow:
        stored = uow.conn.execute(select(job.c.error)).scalar_one()
        if how == "altered":
            changed = stored | {"sealed": stored["sealed"][:-8] + "AAAAAAA="}
            uow.conn.execute(update(job).values(error=changed))
        else:
            other = submit(uow, "load", {})
            uow.conn.execute(update(job).where(job.c.id == other).values(error=stored, state="failed"))

    with instance.read(SYSTEM, Channel.API) as uow:
        newest = list_jobs(uow)[0]
    assert newest.error == failed.outline


def test_a_reason_is_told_for_it_is_ours() -> None:
    assert "the file is empty" in Invalid(reason="the file is empty", reason_zh="文件为空").outline("en")
