"""The laws of members at length, each with its seed; what was tried is kept for the page of figures.

python -m tests.core.members.at_length [--save] [--part 100]
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence

from benchmarks.identity_figures import keep
from tests.core.members.test_laws import batches, every_permutation, merges, shuffles
from tests.core.members.test_walks import walks
from tests.shell.test_following import leads_to_who_is_who, rules_may_change, whenever_it_is_run

Law = tuple[str, int, Callable[[int], object], int, str]
"""What it says, how many are tried, the law, its seed, and what is counted."""


def every_order(count: int) -> int:
    return every_permutation(count, 7, seed=7)


LAWS: Sequence[Law] = (
    ("every order of up to 7 observations gives one partition, ids and values included", 200, every_order, 7, "sets"),
    ("so do shuffles of 50 observations, with repetitions", 10_000, lambda n: shuffles(n, 50, 51), 51, "shuffles"),
    ("batch is incremental, in any batching, read from a journal", 3_000, lambda n: batches(n, 30, 5), 5, "sets"),
    ("merging is commutative, associative and idempotent", 10_000, lambda n: merges(n, 9), 9, "sets"),
    (
        "points, money paid and money kept are conserved at each step of a walk; a merge taken back was never made",
        50_000,
        lambda n: walks(n, 2),
        2,
        "walks",
    ),
    (
        "regroupings told one after the other lead to who is who",
        2_000,
        lambda n: leads_to_who_is_who(n, 30, 2),
        2,
        "histories",
    ),
    ("they are the same whenever somebody asks", 1_000, lambda n: whenever_it_is_run(n, 3), 3, "histories"),
    ("and when the rules change", 1_000, lambda n: rules_may_change(n, 4), 4, "histories"),
)


def main() -> int:
    """Try every law, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--save", action="store_true", help="keep what was tried and write the page")
    parser.add_argument("--part", type=int, default=100, help="only so much of it, in percent")
    options = parser.parse_args()
    tried = []
    for says, count, law, seed, of in LAWS:
        begin, many = time.perf_counter(), max(1, count * options.part // 100)
        made = law(many)
        told = {"what": says, "tried": f"{many:,} {of}", "seed": seed, "seconds": round(time.perf_counter() - begin)}
        if law is every_order:
            told["tried"] = f"{many:,} sets, {made:,} orders"
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        tried.append(told)
    if options.save:
        keep("laws", {"laws": tried})
    return 0


if __name__ == "__main__":
    sys.exit(main())
