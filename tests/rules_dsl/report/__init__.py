"""Tests of the language that reads reports."""
