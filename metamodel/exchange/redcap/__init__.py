"""REDCap: data dictionaries and projects as definitions, and definitions as data dictionaries."""
