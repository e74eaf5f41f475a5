"""Reads: each slice names its TABLES (DDL), its HANDLERS (event class → statements) and its queries."""

from types import ModuleType

SLICES: tuple[ModuleType, ...] = ()
"""The slices of the read model, in the order in which an event reaches them."""
