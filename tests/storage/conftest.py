"""What tests of storage may ask for besides."""

from tests.postgres import database, server

__all__ = ["database", "server"]
