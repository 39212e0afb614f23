"""The process tree of `zhenshu up`: a supervisor over the web server, job workers and the steward."""

from zhenshu.process.programs import Programs
from zhenshu.process.steward import Steward
from zhenshu.process.supervisor import PortTaken, Supervisor, listen

__all__ = ["PortTaken", "Programs", "Steward", "Supervisor", "listen"]
