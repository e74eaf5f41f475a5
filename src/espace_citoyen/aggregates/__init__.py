"""Decides, and knows nothing else. Importing this package registers the topic of every event there is."""

from espace_citoyen.aggregates import accounts, appointments, claims, procedures, requests, staff

__all__ = ["accounts", "appointments", "claims", "procedures", "requests", "staff"]
