"""The ways to mask a value, each a small class that declares itself."""

from metamodel.masking.methods.base import PROMISES, Example, Method, Parameter
from metamodel.masking.methods.registry import METHODS, method

__all__ = ["METHODS", "PROMISES", "Example", "Method", "Parameter", "method"]
