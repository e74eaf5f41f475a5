"""Fixtures by topic; each topic is a module of its own."""

from hypothesis import settings

pytest_plugins = ["fix_postgres", "fix_smtp", "fix_town", "fix_cli", "fix_web", "fix_browser"]

# A machine that is busy is no failure; what is found once is found by everybody.
settings.register_profile("house", deadline=None, derandomize=True, database=None)
settings.load_profile("house")
