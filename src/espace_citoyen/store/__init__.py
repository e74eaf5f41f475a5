"""Keeps events: our few additions to the eventsourcing library, each for a measured reason."""
