"""Jobs: long work that survives the death of its worker. The job row is the truth."""

from zhenshu.jobs.ends import FAILED_NOTICE
from zhenshu.jobs.execute import run_now, work
from zhenshu.jobs.model import (
    Job,
    JobCancelled,
    JobFailed,
    JobInterrupted,
    JobLogLine,
    JobLost,
    JobNotWaiting,
    JobState,
    UnknownJobKind,
)
from zhenshu.jobs.queue import cancel_job, get_job, list_jobs, retry_job, submit
from zhenshu.jobs.run import JobRun
from zhenshu.jobs.service import JobKind, bind_jobs, bind_rooms, worker
from zhenshu.jobs.sweep import sweep_jobs
from zhenshu.jobs.tables import job, job_log

__all__ = [
    "FAILED_NOTICE",
    "Job",
    "JobCancelled",
    "JobFailed",
    "JobInterrupted",
    "JobKind",
    "JobLogLine",
    "JobLost",
    "JobNotWaiting",
    "JobRun",
    "JobState",
    "UnknownJobKind",
    "bind_jobs",
    "bind_rooms",
    "cancel_job",
    "get_job",
    "job",
    "job_log",
    "list_jobs",
    "retry_job",
    "run_now",
    "submit",
    "sweep_jobs",
    "work",
    "worker",
]
