"""The patient index: persons and their identifiers across systems (IHE PIX/PDQ)."""

from zhenshu.patients.index import patient, patient_identifier, patient_key
from zhenshu.patients.keys import PatientForgotten, load_keys, seal_for, unseal_for
from zhenshu.patients.registry import (
    add_identifiers,
    create_patients,
    find_patients,
    forget_patient,
    identifiers_of,
    replace_identifier,
)

__all__ = [
    "PatientForgotten",
    "add_identifiers",
    "create_patients",
    "find_patients",
    "forget_patient",
    "identifiers_of",
    "load_keys",
    "patient",
    "patient_identifier",
    "patient_key",
    "replace_identifier",
    "seal_for",
    "unseal_for",
]
