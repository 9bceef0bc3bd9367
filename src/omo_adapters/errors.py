"""What can go wrong outside of the rules. Each says whether asking again is safe and may help."""

from __future__ import annotations

from typing import ClassVar

from omo_core.errors import OmoError


class AdapterError(OmoError):
    """Base of the errors of this package."""

    worth_retrying: ClassVar[bool] = False


class StoreUnavailable(AdapterError):
    """The database can't be reached or written now (full disk, no permission, gone); nothing was written."""

    worth_retrying: ClassVar[bool] = True


class StoreBusy(StoreUnavailable):
    """Another process holds the database for longer than we were told to wait; nothing was written."""


class StoreCorrupt(AdapterError):
    """The database is damaged, or is not an omo database."""


class StoreTooNew(AdapterError):
    """The database was written by a later release."""


class Contention(AdapterError):
    """Others kept changing what a decision was made on; nothing was written."""

    worth_retrying: ClassVar[bool] = True


class Misconfigured(AdapterError):
    """A setting is missing, unknown or contradicts another."""


class Forged(AdapterError):
    """A delivery's signature is missing or wrong; nothing of it was looked at."""
