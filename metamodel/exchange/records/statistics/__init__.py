"""Records as files of statistics packages: SPSS, Stata, SAS transport, R and Parquet, each with a codebook.

`dialects` says what the formats are; all else needs pandas and Arrow, and is imported when an export runs.
"""
