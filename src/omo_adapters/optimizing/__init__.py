"""Planning with HiGHS, for `pip install omo[optimize]`: many orders over scarce stock, and rebalancing.

Never import this package and ortools in one process: both bring their own copy of HiGHS, and the second one to be
loaded fails.
"""

from omo_adapters.optimizing.highs import HighsOptimizer

__all__ = ["HighsOptimizer"]
