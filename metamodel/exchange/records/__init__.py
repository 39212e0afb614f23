"""Records in and out of files, as jobs."""
