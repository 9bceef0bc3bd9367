"""Sourcing: where an order's units best come from. Filter, score, plan, explain."""

from omo_core.stock.sourcing.checking import Flaw, check_plan
from omo_core.stock.sourcing.learning import confidence, confidence_of
from omo_core.stock.sourcing.plan import Parcel, Picked, Plan, Score, Verdict
from omo_core.stock.sourcing.planning import plan
from omo_core.stock.sourcing.problem import Need, Policy, Problem, Site, needs_of, sites_with_stock
from omo_core.stock.sourcing.strategies import STRATEGIES

__all__ = [
    "STRATEGIES",
    "Flaw",
    "Need",
    "Parcel",
    "Picked",
    "Plan",
    "Policy",
    "Problem",
    "Score",
    "Site",
    "Verdict",
    "check_plan",
    "confidence",
    "confidence_of",
    "needs_of",
    "plan",
    "sites_with_stock",
]
