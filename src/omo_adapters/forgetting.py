"""What the law asks of a shop besides one erasure: open requests for a copy, and a source that is gone altogether."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from attrs import evolve, frozen

from omo_adapters.shop import Shop
from omo_core.decisions import Accepted, Refused
from omo_core.identifiers import ProfileId, RequestId
from omo_core.members.commands import ForgetMember
from omo_core.members.refusals import MemberRefusal, NotAllowed
from omo_core.members.statements import ExportRequested, RecordErased, RecordExported

_BATCH: Final = 200
"""So many records are erased together: each batch writes the vault anew."""


def open_requests(shop: Shop) -> tuple[ExportRequested, ...]:
    """List who asked for a copy of what is kept of them and was not given one since, the oldest first."""
    asked: dict[ProfileId, ExportRequested] = {}
    given: dict[ProfileId, RecordExported] = {}
    gone: dict[ProfileId, None] = {}
    for event in shop.events_of(ExportRequested, RecordExported, RecordErased):
        match event:
            case ExportRequested():
                first = asked.get(event.profile)
                if first is None or event.at > first.at:
                    asked[event.profile] = event
            case RecordExported():
                last = given.get(event.profile)
                given[event.profile] = event if last is None or event.at > last.at else last
            case RecordErased():
                gone[event.profile] = None
    still = [
        event
        for profile, event in asked.items()
        if profile not in gone and not (profile in given and given[profile].at >= event.at)
    ]
    return tuple(sorted(still, key=lambda event: (event.at, event.profile)))


@frozen(kw_only=True)
class SourceForgotten:
    """What was erased of a source."""

    records: int
    documents: int
    """Documents of it that waited in quarantine."""


def forget_source(shop: Shop, source: str, command: ForgetMember) -> SourceForgotten | Refused[MemberRefusal]:
    """Erase every record of one source and every document of it in quarantine; what was bought stays on the books.

    ``command`` says who asks; each record is asked for under a request of its own, so that an interrupted run can be
    asked for again. Records of other sources that were one person with these stay as if never merged.
    """
    command.check()
    may = shop.rules.identity.roles.get(command.kind, ())
    if command.role not in may:
        return Refused(NotAllowed(role=command.role, needs=tuple(may)))
    count = 0
    for batch in _batches(shop, source):
        asked = [
            evolve(command, profile=profile, whole=False, request=RequestId(f"{command.request}/{profile}"))
            for profile in batch
        ]
        count += sum(isinstance(answer, Accepted) for answer in shop.run(asked))
    documents = shop.quarantine.drop(f"{source}:", shop.now())
    shop.quarantine.database.empty_log()
    return SourceForgotten(records=count, documents=documents)


def _batches(shop: Shop, source: str) -> Iterator[Sequence[ProfileId]]:
    batch: list[ProfileId] = []
    for name in list(shop.profile_streams()):
        profile = ProfileId(name.removeprefix("profile/"))
        if profile.startswith(f"{source}:"):
            batch.append(profile)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
