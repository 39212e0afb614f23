"""What a field, record type and database is; how it is stored, migrated, queried, masked and exchanged."""
