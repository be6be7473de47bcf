"""The contract suites run on every database that Third Chair keeps its word on."""

from tests.databases import *  # noqa: F403  fixtures
