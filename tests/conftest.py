"""Fixtures by topic; each topic is a module of its own."""

pytest_plugins = ["fix_postgres", "fix_smtp", "fix_town", "fix_cli", "fix_web", "fix_browser"]
