"""ISARIC's ARC library as a definition."""
