"""The shop and the command, as the tests of the command have them."""

from tests.cli.conftest import run, shop

__all__ = ["run", "shop"]
