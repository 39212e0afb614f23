"""Tables of accounts: what Flask-AppBuilder's user table lacks, logins, tokens, and the login throttle.

Users, roles and permissions themselves are Flask-AppBuilder's `ab_*` tables. They live in another MetaData,
so `user_id` names `ab_user.id` without a foreign key. Users are deactivated, never deleted.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, String, Table, false

from zhenshu.db.metadata import platform_metadata
from zhenshu.db.types import JsonText, UtcDateTime

BigId = BigInteger().with_variant(Integer, "sqlite")

account = Table(
    "account",
    platform_metadata,
    Column("user_id", Integer, primary_key=True, autoincrement=False),
    Column("language", String(8), nullable=False),  # "zh", "en", or "" for the request's
    Column("must_change_password", Boolean, nullable=False),
    Column("password_changed_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),  # the account's own end
    Column("phone_sealed", LargeBinary),
    Column("phone_index", String(64), index=True, unique=True),  # a keyed hash
    Column("directory", Boolean, nullable=False, server_default=false()),  # the directory has the password
    Column("directory_id", String(128), index=True, unique=True),  # its entry there; NULL before it signs in
    Column("enabled_at", UtcDateTime),  # when an administrator last let it in again
)

# What administrators chose for all accounts, by name.
security_setting = Table(
    "security_setting",
    platform_metadata,
    Column("name", String(64), primary_key=True),
    Column("value", JsonText, nullable=False),
)

# The hashes of earlier passwords, so that they are not used again.
password_history = Table(
    "password_history",
    platform_metadata,
    Column("id", BigId, primary_key=True),
    Column("user_id", Integer, nullable=False, index=True),
    Column("password_hash", String(256), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# A login by cookie. The cookie's value is kept only as a keyed hash.
login_session = Table(
    "login_session",
    platform_metadata,
    Column("id", BigId, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("user_id", Integer, nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("ended_at", UtcDateTime),
    Column("must_enrol", Boolean, nullable=False, server_default=false()),  # a second factor, before all else
    Column("device", String(200), nullable=False, server_default=""),  # as its browser calls itself
)

# A bearer token for scripts. Its value is shown once and kept only as a keyed hash.
api_token = Table(
    "api_token",
    platform_metadata,
    Column("id", BigId, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("user_id", Integer, nullable=False, index=True),
    Column("name", String(128), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
)

# Failed logins by user name and by address. The key is a keyed hash: people type passwords into name boxes.
login_throttle = Table(
    "login_throttle",
    platform_metadata,
    Column("key", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("since", UtcDateTime, nullable=False, index=True),
    Column("locked_until", UtcDateTime),
)

# What accounts of one role type have in common.
account_template = Table(
    "account_template",
    platform_metadata,
    Column("id", BigId, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("role", String(64), nullable=False),
    Column("language", String(8), nullable=False),
    Column("valid_days", Integer),  # an account made from it ends after so many; NULL: it has no end
)

# A file with secrets, encrypted, for one user to fetch once.
sealed_result = Table(
    "sealed_result",
    platform_metadata,
    Column("id", BigId, primary_key=True),
    Column("user_id", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

# The second factor of a user: the secret of RFC 6238, encrypted; `pending` is one not confirmed yet.
second_factor = Table(
    "second_factor",
    platform_metadata,
    Column("user_id", Integer, primary_key=True, autoincrement=False),
    Column("secret", LargeBinary),
    Column("pending", LargeBinary),
    Column("enrolled_at", UtcDateTime),
    Column("last_step", BigInteger, nullable=False),  # codes of this step and earlier ones are spent
)

# Codes for a user without the device; each once. Only keyed hashes are kept.
recovery_code = Table(
    "recovery_code",
    platform_metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("user_id", Integer, nullable=False, index=True),
)

# A code sent to a phone to sign in with: one per number, whether anybody has it or not. Hashes only.
login_code = Table(
    "login_code",
    platform_metadata,
    Column("phone_index", String(64), primary_key=True),
    Column("user_id", Integer),
    Column("code_hash", String(64), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)
