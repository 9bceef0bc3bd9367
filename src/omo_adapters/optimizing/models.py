"""A linear or mixed-integer model as columns and rows, and HiGHS to solve it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import highspy
import numpy as np
from attrs import Factory, define, frozen

INFINITE = float("inf")


@frozen(kw_only=True)
class Solution:
    """What a solver found."""

    values: tuple[float, ...]
    cost: float
    bound: float
    """No solution costs less."""
    found: bool


@define
class Model:
    """Columns with costs and bounds, rows over them."""

    costs: list[float] = Factory(list)
    lows: list[float] = Factory(list)
    highs: list[float] = Factory(list)
    whole: list[bool] = Factory(list)
    row_lows: list[float] = Factory(list)
    row_highs: list[float] = Factory(list)
    starts: list[int] = Factory(lambda: [0])
    indices: list[int] = Factory(list)
    values: list[float] = Factory(list)

    def column(self, cost: float, high: float, *, whole: bool = True, low: float = 0) -> int:
        """Add a column; gives its number."""
        self.costs.append(cost)
        self.lows.append(low)
        self.highs.append(high)
        self.whole.append(whole)
        return len(self.costs) - 1

    def row(self, terms: Iterable[tuple[int, float]], low: float, high: float) -> None:
        """Add a row over some columns."""
        for column, value in terms:
            self.indices.append(column)
            self.values.append(value)
        self.starts.append(len(self.indices))
        self.row_lows.append(low)
        self.row_highs.append(high)

    def solve(
        self,
        *,
        seconds: float,
        gap: float = 0.0,
        start: Sequence[float] | None = None,
        threads: int = 1,
        relaxed: bool = False,
    ) -> Solution:
        """Let HiGHS solve the model, within a time and to within a relative gap; relaxed, as if fractions would do."""
        mixed = any(self.whole) and not relaxed
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("time_limit", float(seconds))
        solver.setOptionValue("mip_rel_gap", float(gap))
        solver.setOptionValue("threads", threads)
        solver.setOptionValue("random_seed", 1)
        solver.passModel(self._lp(mixed=mixed))
        if start is not None and mixed:
            hint = highspy.HighsSolution()
            hint.col_value = list(start)
            solver.setSolution(hint)
        solver.run()
        info = solver.getInfo()
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        cost = float(info.objective_function_value)
        bound = float(info.mip_dual_bound) if mixed else cost
        return Solution(values=tuple(solver.getSolution().col_value), cost=cost, bound=bound, found=bool(found))

    def _lp(self, *, mixed: bool) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.costs), len(self.row_lows)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = np.array(self.costs), np.array(self.lows), np.array(self.highs)
        lp.row_lower_, lp.row_upper_ = np.array(self.row_lows), np.array(self.row_highs)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(self.starts, dtype=np.int32)
        lp.a_matrix_.index_ = np.array(self.indices, dtype=np.int32)
        lp.a_matrix_.value_ = np.array(self.values, dtype=np.float64)
        if mixed:
            kinds = highspy.HighsVarType
            lp.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in self.whole]
        return lp
