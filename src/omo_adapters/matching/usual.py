"""The matcher for lists of customers as shops keep them: names, phones, e-mails and birthdays with typing mistakes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from omo_adapters.matching.splink import Column, SplinkMatcher
from omo_core.identifiers import ProfileId
from omo_core.ports import Proposal

FEWEST = 100
"""With fewer records there is nothing to fit a model to."""


@frozen(kw_only=True)
class CustomerMatcher:
    """Splink, set up for the fields that the vault keeps of a customer."""

    at_least: int = 500_000
    """From which likeness (parts per million) a pair is proposed."""
    seed: int = 1

    def propose(self, records: Mapping[ProfileId, Mapping[str, str]]) -> Iterable[Proposal]:
        """Propose pairs of records that may be one person."""
        if len(records) < FEWEST:
            return ()
        rows = {profile: _compared(fields) for profile, fields in records.items()}
        return self._matcher().propose(rows)

    def _matcher(self) -> SplinkMatcher:
        return SplinkMatcher(
            columns=(
                Column(name="name", like="name"),
                Column(name="phone", like="digits"),
                Column(name="email", like="email"),
                Column(name="birthday"),
            ),
            block_on=(("phone",), ("email",), ("name",), ("birthday", "initial"), ("tail", "initial")),
            train_on=(("name",), ("phone",)),
            surely=(("phone", "name"), ("email", "name")),
            at_least=self.at_least,
            seed=self.seed,
        )


def _compared(fields: Mapping[str, str]) -> dict[str, str]:
    """Give what is compared of a record, and what pairs that are looked at have in common."""
    name = " ".join(sorted(fields.get("name", "").casefold().split()))
    phone = fields.get("phone", "")
    return {
        "name": name,
        "initial": name[:1],
        "phone": phone,
        "tail": phone[-4:],
        "email": fields.get("email", "").casefold(),
        "birthday": fields.get("birthday", ""),
    }
