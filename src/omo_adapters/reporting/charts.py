"""Charts as inline SVG: stacked bars, each part with a title for whoever points at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Final

WIDTH: Final = 860
HEIGHT: Final = 240
LEFT: Final = 92
BOTTOM: Final = 34
TOP: Final = 10
COLOURS: Final = ("#2f6f8f", "#e08e45", "#6a994e", "#a4508b", "#8d99ae", "#bc4749", "#386641", "#5e548e")
"""One per series, in order; they differ in lightness too."""
TICKS: Final = 4
LABELS_MAX: Final = 12

Words = Callable[[int], str]


def stacked_bars(labels: Sequence[str], series: Mapping[str, Sequence[int]], words: Words, *, title: str) -> str:
    """Draw one bar per label, the series on top of one another; negative values go below the line."""
    if not labels:
        return '<p class="none">Nothing yet.</p>'
    high = max((sum(max(0, values[i]) for values in series.values()) for i in range(len(labels))), default=0)
    low = min((sum(min(0, values[i]) for values in series.values()) for i in range(len(labels))), default=0)
    scale = _Scale(low, max(high, low + 1))
    bars = "".join(_bar(labels, series, place, scale, words) for place in range(len(labels)))
    body = _axis(scale, words) + _labels(labels) + bars
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'<svg {box} role="img" aria-label="{escape(title, quote=True)}">{body}</svg>{_legend(series)}'


class _Scale:
    """From values to places on the page, in whole pixels."""

    def __init__(self, low: int, high: int) -> None:
        step = _step(high - low)
        self.low = low // step * step
        self.high = -(-high // step) * step
        self.step = step

    def y(self, value: int) -> int:
        room = HEIGHT - BOTTOM - TOP
        return HEIGHT - BOTTOM - (value - self.low) * room // max(1, self.high - self.low)


def _step(span: int) -> int:
    """Give a round distance between two lines of the grid."""
    rough = max(1, span // TICKS)
    magnitude = int("1" + "0" * (len(str(rough)) - 1))
    return next(m * magnitude for m in (1, 2, 5, 10) if m * magnitude >= rough)


def _axis(scale: _Scale, words: Words) -> str:
    lines = []
    for value in range(scale.low, scale.high + 1, scale.step):
        y = scale.y(value)
        kind = "zero" if value == 0 else "grid"
        lines.append(f'<line class="{kind}" x1="{LEFT}" x2="{WIDTH}" y1="{y}" y2="{y}"/>')
        lines.append(f'<text class="y" x="{LEFT - 6}" y="{y + 4}">{escape(words(value))}</text>')
    return "".join(lines)


def _span(count: int, place: int) -> tuple[int, int]:
    room = WIDTH - LEFT
    start, end = LEFT + place * room // count, LEFT + (place + 1) * room // count
    gap = max(1, (end - start) // 6) if end - start > 3 else 0
    return start + gap, max(1, end - start - 2 * gap)


def _labels(labels: Sequence[str]) -> str:
    every = -(-len(labels) // LABELS_MAX)
    parts = []
    for place in range(0, len(labels), every):
        x, width = _span(len(labels), place)
        parts.append(f'<text class="x" x="{x + width // 2}" y="{HEIGHT - 12}">{escape(labels[place])}</text>')
    return "".join(parts)


def _bar(labels: Sequence[str], series: Mapping[str, Sequence[int]], place: int, scale: _Scale, words: Words) -> str:
    x, width = _span(len(labels), place)
    up = down = 0
    parts = []
    for number, (name, values) in enumerate(series.items()):
        value = values[place]
        if not value:
            continue
        base = up if value > 0 else down
        top, bottom = scale.y(max(base, base + value)), scale.y(min(base, base + value))
        up, down = (up + value, down) if value > 0 else (up, down + value)
        said = escape(f"{labels[place]}, {name}: {words(value)}")
        colour = COLOURS[number % len(COLOURS)]
        shape = f'x="{x}" y="{top}" width="{width}" height="{max(1, bottom - top)}" fill="{colour}"'
        parts.append(f"<rect {shape}><title>{said}</title></rect>")
    return "".join(parts)


def _legend(series: Mapping[str, Sequence[int]]) -> str:
    items = (
        f'<li><span style="background:{COLOURS[place % len(COLOURS)]}"></span>{escape(name)}</li>'
        for place, name in enumerate(series)
    )
    return f'<ul class="legend">{"".join(items)}</ul>'
