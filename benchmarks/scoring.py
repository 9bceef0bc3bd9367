"""How good a partition is: pairs of records put together, against the pairs that belong together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

from attrs import frozen


@frozen
class Score:
    """Pairwise precision, recall and F1, and what went wrong most."""

    precision: float
    recall: float
    f1: float
    mixed: int
    """Clusters that hold records of several people."""
    largest: int
    clusters: int


def score(found: Iterable[Hashable], truth: Sequence[Hashable]) -> Score:
    """Score the cluster of each record against the person that it is of."""
    clusters = list(found)
    both = Counter(zip(clusters, truth, strict=True))
    of_cluster, of_person = Counter(clusters), Counter(truth)
    right = sum(n * (n - 1) // 2 for n in both.values())
    made = sum(n * (n - 1) // 2 for n in of_cluster.values())
    wanted = sum(n * (n - 1) // 2 for n in of_person.values())
    precision, recall = right / made if made else 1.0, right / wanted if wanted else 1.0
    mixed = sum(count > 1 for count in Counter(cluster for cluster, _ in both).values())
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Score(precision, recall, f1, mixed, max(of_cluster.values(), default=0), len(of_cluster))
