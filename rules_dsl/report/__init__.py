"""The report language: a package of terms and modifiers turns a report's text into findings with spans."""
