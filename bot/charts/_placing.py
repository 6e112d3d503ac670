"""Where labels stand so that none covers another, as near as can be to what they are of."""

from collections.abc import Sequence
from itertools import pairwise

from kiwisolver import Solver, Variable


def apart(wanted: Sequence[float], least: float, span: tuple[float, float]) -> list[float]:
    """Return heights at least `least` apart, in the order wanted and as near as can be.

    They lie within the span; where it is too short for all of them they go on below it.
    """
    heights = [Variable(str(index)) for index in range(len(wanted))]
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    solver = Solver()
    for height, want in zip(heights, wanted, strict=True):
        solver.addConstraint((height == want) | "weak")
        solver.addConstraint(height >= span[0])
        solver.addConstraint((height <= span[1]) | "strong")
    for above, below in pairwise(order):
        solver.addConstraint(heights[below] - heights[above] >= least)
    solver.updateVariables()
    return [height.value() for height in heights]
