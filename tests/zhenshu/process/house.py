"""A tiny house for the process tests: a web app, a worker and a steward over one instance."""

import os
import time
from collections.abc import Callable, Iterable
from typing import Any

from zhenshu.instance import Instance
from zhenshu.jobs import JobKind, JobRun, bind_jobs, get_job, submit
from zhenshu.jobs.celery_app import make_worker_app
from zhenshu.process import Steward
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM
from zhenshu.settings import Settings


def double(run: JobRun) -> dict[str, int]:
    return {"pid": os.getpid(), "twice": 2 * run.args["number"]}


KIND = JobKind("double", {"zh": "加倍", "en": "Double"}, double)


def make_instance() -> Instance:
    instance = Instance(Settings.load())
    bind_jobs(instance, [KIND])
    return instance


def web_app() -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """/pid, /slow (2 s), /submit, /job/ID, each answering with a line of text."""
    instance = make_instance()

    def answer(path: str) -> str:
        if path == "/slow":
            time.sleep(2)
            return "slow but whole"
        if path == "/submit":
            with instance.write(SYSTEM, Channel.API) as uow:
                return str(submit(uow, "double", {"number": 21}))
        if path.startswith("/job/"):
            with instance.read(SYSTEM, Channel.API) as uow:
                return str(get_job(uow, int(path.removeprefix("/job/"))).result)
        return str(os.getpid())

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = answer(environ["PATH_INFO"]).encode()
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
        return [body]

    return app


def broken_web_app() -> None:
    raise RuntimeError("this app can't be made for 张三")


def worker_app() -> Any:
    return make_worker_app(make_instance())


def steward() -> Steward:
    return Steward(make_instance(), [])
