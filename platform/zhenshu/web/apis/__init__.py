"""The ground's own endpoints, in one visible list."""

from collections.abc import Sequence

from zhenshu.web.api import Api
from zhenshu.web.apis.audit import Audit
from zhenshu.web.apis.audit_reports import AuditReports
from zhenshu.web.apis.directory import DirectoryApi
from zhenshu.web.apis.files import Files
from zhenshu.web.apis.jobs import Jobs
from zhenshu.web.apis.logins import Logins
from zhenshu.web.apis.notices import Notices
from zhenshu.web.apis.projects import Projects
from zhenshu.web.apis.second_factor import SecondFactor
from zhenshu.web.apis.session import Session
from zhenshu.web.apis.system import System
from zhenshu.web.apis.tokens import Tokens
from zhenshu.web.apis.user_batches import UserBatches
from zhenshu.web.apis.users import Users

GROUND_APIS: Sequence[type[Api]] = (
    System,
    Session,
    SecondFactor,
    Logins,
    DirectoryApi,
    Tokens,
    Users,
    UserBatches,
    Jobs,
    Notices,
    Files,
    Audit,
    AuditReports,
    Projects,
)
