"""Signing in by the hospital's directory: LDAP or Active Directory says whose a password is."""

from zhenshu.security.directory.client import Directory, DirectoryUnavailable, Entry, Failure
from zhenshu.security.directory.configuration import DirectoryConfiguration, configuration_of
from zhenshu.security.directory.opened import directory_of, require_directory

__all__ = [
    "Directory",
    "DirectoryConfiguration",
    "DirectoryUnavailable",
    "Entry",
    "Failure",
    "configuration_of",
    "directory_of",
    "require_directory",
]
