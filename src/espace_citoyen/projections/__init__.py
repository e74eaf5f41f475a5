"""Reads: each slice names its TABLES (DDL), its HANDLERS (event class → statements) and its queries."""

from types import ModuleType

from espace_citoyen.projections import appointments, exchanges, procedures, requests, staff, statistics

SLICES: tuple[ModuleType, ...] = (procedures, staff, requests, exchanges, appointments, statistics)
"""The slices of the read model, in the order in which an event reaches them."""
