"""The ground: services every room stands on. It knows no field, form or module."""
