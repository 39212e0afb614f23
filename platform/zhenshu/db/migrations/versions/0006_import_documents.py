"""Each import keeps the document it made, so that two imports can be compared."""

import sqlalchemy as sa
from alembic import op

from zhenshu.db.types import JsonText

revision = "0006_import_documents"
down_revision = "0005_notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("definition_import", sa.Column("document", JsonText(), nullable=True))
    op.create_index("ix_definition_import_definition", "definition_import", ["definition_id"], unique=False)
