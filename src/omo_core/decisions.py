"""The answer to a command: ``Accepted`` with the events that follow from it, or ``Refused`` with the reason.

A decision is made on what is known at that moment. It changes nothing by itself; appending its events does.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from attrs import field, frozen

from omo_core.errors import Malformed
from omo_core.events import Event
from omo_core.identifiers import RequestId
from omo_core.instants import utc
from omo_core.quantities import text

R_co = TypeVar("R_co", covariant=True, bound="Refusal")


@frozen(kw_only=True)
class Command:
    """Somebody asks omo to allow something."""

    kind: ClassVar[str] = ""
    """The name under which requests are kept. It is the storage format: never renamed."""

    request: RequestId
    """Chosen by the asker and kept until the answer is in: asked twice under one id, it is done once."""
    at: datetime = field(converter=utc)
    """When it was asked."""
    actor: str = ""
    """Who asks: a member of staff, a till, the shopper."""

    def check(self) -> None:
        """Raise ``Malformed`` when the command can't mean anything; called before it is decided."""
        text(self.request, "request")
        text(self.actor, "actor", empty=True)


@frozen(kw_only=True)
class Refusal:
    """Why not, as data. Each context lists its own, in order of precedence."""

    kind: ClassVar[str] = ""
    """The name under which answers are kept and told to machines; never renamed."""
    worth_retrying: ClassVar[bool] = False
    """Whether the same wish may succeed later, under a new request id, without the asker changing anything else."""

    def say(self) -> str:
        """Say it to people, in one sentence with the numbers that explain it."""
        return f"{self.kind.replace('_', ' ').capitalize()}."


@frozen
class Refused(Generic[R_co]):
    """No, and nothing has changed."""

    reason: R_co


@frozen
class Accepted:
    """Yes; these events follow."""

    events: tuple[Event, ...]


Decision = Accepted | Refused[R_co]


@frozen(kw_only=True)
class RequestReused(Refusal):
    """The request id was used before, for something else."""

    kind: ClassVar[str] = "request_reused"
    request: RequestId
    first_kind: str
    """What kind of command the id was first used for."""

    def say(self) -> str:
        """Say it to people."""
        return f"The request id {self.request} was used before, for {self.first_kind}."


def require(condition: bool, path: str, why: str) -> None:
    """Raise ``Malformed`` unless the condition holds."""
    if not condition:
        raise Malformed(path, why)
