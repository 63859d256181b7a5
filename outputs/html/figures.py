"""Charts of a study as plain data, and the places that a page's script draws them in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from outputs.html.charts import as_json
from outputs.html.page import chart


@dataclass(frozen=True)
class Figure:
    """A chart of one or more series: bars of `names` (from the top), or lines along the numbers `along`, whose heading is `axis`; values are in `unit`.

    `names` and `along` are the places of the values of every series; one of them is empty. `stacked` bars of a name begin where the last ended, on each side of 0.
    """

    title: str
    unit: str
    series: tuple[tuple[str, Sequence[float]], ...]
    names: Sequence[str] = ()
    along: Sequence[float] = ()
    axis: str = ""
    stacked: bool = False

    def summary(self) -> dict[str, object]:
        """The chart as JSON."""
        return {
            "title": self.title,
            "unit": self.unit,
            "names": list(self.names),
            "along": list(self.along),
            "axis": self.axis,
            "stacked": self.stacked,
            "series": [{"name": name, "values": list(values)} for name, values in self.series],
        }


def figures_html(figures: Sequence[Figure]) -> str:
    """A place for each chart, and the data of all."""
    if not figures:
        return ""
    places = "".join(chart(f"figure-{i}", figure.title) for i, figure in enumerate(figures))
    data = as_json([figure.summary() for figure in figures])
    return f'<div class="halves">{places}</div><script type="application/json" id="figures">{data}</script>'


def said_html(sentences: Sequence[str]) -> str:
    """Sentences, the first in bold."""
    return "".join(f"<p{'' if i else ' class=said'}>{escape(text)}</p>" for i, text in enumerate(sentences))
