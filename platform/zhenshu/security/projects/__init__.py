"""Projects: studies with their people, their duties, and the databases they work with."""

from zhenshu.security.projects.acts import (
    NewProject,
    add_member,
    add_project,
    change_project,
    close_project,
    end_membership,
)
from zhenshu.security.projects.errors import ProjectChanged, ProjectClosed, ProjectExists, ProjectWrong
from zhenshu.security.projects.reading import Member, Project, get_project, list_projects, own_projects

__all__ = [
    "Member",
    "NewProject",
    "Project",
    "ProjectChanged",
    "ProjectClosed",
    "ProjectExists",
    "ProjectWrong",
    "add_member",
    "add_project",
    "change_project",
    "close_project",
    "end_membership",
    "get_project",
    "list_projects",
    "own_projects",
]
