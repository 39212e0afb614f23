"""Making many users from one workbook: a template to fill in, a check of every row, then all or nothing."""
