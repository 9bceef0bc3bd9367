"""Matchers: they propose pairs of records for review, and decide nothing."""

from omo_adapters.matching.proposing import Proposed, changed_proposals, propose_matches

__all__ = ["Proposed", "changed_proposals", "propose_matches"]
