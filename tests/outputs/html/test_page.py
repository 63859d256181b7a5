"""The HTML page: one document that needs nothing else, says what the tables say, and takes names for names."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from inputs.errors import FileError
from inputs.extras import MissingExtra
from model.plan import Plan, Solved, make_plan, solve_case
from model.studies.study import study
from outputs.html.charts import as_json
from outputs.html.page import SHOWN, fragment_of, page_html, write_html
from outputs.tables.plan import report_tables
from outputs.tables.report import Report
from outputs.tables.rounding import amount
from outputs.tables.run import RunInfo
from tests.kit.browser import chromium
from tests.kit.small import case, embargo, every_sheet

LIBRARY = "var Plotly;"
"""Stands in for plotly.js, which is long and not ours."""

EVIL = "<script>alert(1)</script> & 'x' \"y\" <b>"


class Page(HTMLParser):
    """The elements of a page: tags with their attributes, the cells of its tables, the text of each script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.rows: dict[str, list[list[tuple[str, str | None]]]] = {}
        self.scripts: list[str] = []
        self.text: list[str] = []
        self.table = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        self.tags.append((tag, of))
        if tag not in ("meta", "input", "br", "link", "img"):
            self.open.append(tag)
        if tag == "table":
            self.table = of.get("id") or f"small {len(self.rows)}"
            self.rows[self.table] = []
        elif tag == "tr":
            self.rows[self.table].append([])
        elif tag in ("td", "th"):
            self.rows[self.table][-1].append(("", of.get("data-v")))
        elif tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        inside = self.open[-1] if self.open else ""
        if inside == "script":
            self.scripts[-1] += data
            return
        self.text.append(data)
        if inside in ("td", "th", "button", "small") and self.rows and "table" in self.open:
            text, value = self.rows[self.table][-1].pop()
            self.rows[self.table][-1].append((text + data, value))


@cache
def solved_named(name: str) -> Solved:
    if name == "every sheet":
        return solve_case(every_sheet())
    if name == "evil":
        of = case(
            materials={"material": EVIL, "price": 100},
            sectors={"sector": f"sector {EVIL}", "shortage_multiple": 10, "coverage": 0.5, "cover_months": 6},
            demand={"material": EVIL, "sector": f"sector {EVIL}", "demand": 12},
            supply=[
                {"offer": f"offer {EVIL}", "country": "China", "material": EVIL},
                {"offer": f"purchase {EVIL}", "country": f"country {EVIL}", "material": EVIL, "buyer": "stockpile"},
            ],
            **embargo(months=6, chance=0.2),
        )
        return solve_case(of)
    return solve_case(case())


def plan_named(name: str) -> Plan:
    return solved_named(name).plan


@cache
def report_named(name: str) -> Report:
    return Report(plan_named(name), study(solved_named(name)))


@cache
def text_of(name: str) -> str:
    return page_html(plan_named(name), RunInfo(), LIBRARY, report_named(name).studies)


@cache
def page_of(name: str) -> Page:
    return Page(text_of(name))


@pytest.mark.parametrize("name", ["every sheet", "evil", "nothing held"])
def test_one_sound_document(name: str) -> None:
    """A title, a language, every element closed in order, headings from 1 on, and headings of rows and columns in every table."""
    page = page_of(name)
    tags = [tag for tag, _ in page.tags]
    scopes = {of.get("scope") for tag, of in page.tags if tag == "th"}

    assert text_of(name).startswith("<!DOCTYPE html>")
    assert not page.open
    assert not page.unbalanced
    assert tags.count("html") == tags.count("title") == tags.count("h1") == 1
    assert ("html", {"lang": "en"}) in page.tags
    assert scopes == {"row", "col"}
    assert tags.index("h1") < tags.index("h2") < tags.index("h3")


@pytest.mark.parametrize("name", ["every sheet", "evil"])
def test_nothing_is_fetched(name: str) -> None:
    """No element refers to another file, no style does, and a policy forbids what scripts could try."""
    page = page_of(name)
    policy = next(of["content"] for tag, of in page.tags if tag == "meta" and of.get("http-equiv") == "Content-Security-Policy")
    links = [of[a] for _, of in page.tags for a in ("src", "href", "action", "data", "srcset") if of.get(a)]

    assert policy is not None
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-eval" not in policy
    assert "http" not in policy
    assert all(link and link.startswith("#") for link in links)
    assert "url(" not in text_of(name)
    assert "@import" not in text_of(name)
    assert not re.findall(r"https?://", text_of(name))


def test_only_the_pages_own_scripts_may_run() -> None:
    """The policy names the digest of each script that is code; the data are not code."""
    page = page_of("every sheet")
    policy = str(next(of["content"] for tag, of in page.tags if of.get("http-equiv")))
    kinds = [of.get("type") for tag, of in page.tags if tag == "script"]
    code = [script for script, kind in zip(page.scripts, kinds, strict=True) if kind is None]
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in code]

    assert kinds == ["application/json", None, None, None, None]
    assert re.findall(r"'sha256-([^']+)'", policy) == digests


def test_names_stay_text() -> None:
    """No name opens an element, in the tables, the cards or the data; all are there as they were written."""
    page = page_of("evil")
    data = json.loads(page.scripts[0])

    assert [tag for tag, _ in page.tags].count("script") == 5
    assert "b" not in [tag for tag, _ in page.tags]
    assert "<script>alert" not in text_of("evil")
    assert EVIL in {row[0][0] for row in page.rows["t0"]}
    assert data["materials"][0]["name"] == EVIL
    assert data["coverage"][0]["sector"] == f"sector {EVIL}"


@pytest.mark.parametrize("name", ["every sheet", "evil", "nothing held"])
def test_the_numbers_are_those_of_the_tables(name: str) -> None:
    """Every cell of every table, in full precision where it is sorted; texts as they are."""
    tables = report_tables(report_named(name))
    page = page_of(name)
    for place, sheet in enumerate(SHOWN):
        table = tables[sheet]
        if not len(table.frame):
            assert table.nothing in page.text
            continue
        rows = page.rows[f"t{place}"]

        assert [text for text, _ in rows[0]] == [c.title for c in table.columns]
        assert [text for text, _ in rows[1]] == [c.unit for c in table.columns]
        for shown, (_, row) in zip(rows[2:], table.frame.iterrows(), strict=True):
            for (text, value), column in zip(shown, table.columns, strict=True):
                wanted = row[column.name]
                if isinstance(wanted, str):
                    assert text == wanted
                elif wanted is None or not math.isfinite(wanted):
                    assert (text, value) == (column.empty, None)
                else:
                    assert value is not None
                    assert float(value) == wanted


def test_the_summary_is_that_of_the_workbook() -> None:
    page = page_of("every sheet")
    text = " ".join(page.text)
    capex = report_tables(Report(plan_named("every sheet")))["Investments"].frame["capex"].iloc[-1]

    assert "Stockpile plan: small" in text
    assert re.search(r"Hold \d+ materials? worth [\d.]+ M USD", text)
    assert amount(capex) in page.text


def test_charts_have_the_numbers_of_the_tables() -> None:
    """Sources of each material by year, its stock, and the coverage of each sector."""
    plan = plan_named("every sheet")
    data, tables = json.loads(page_of("every sheet").scripts[0]), report_tables(Report(plan))
    stock = tables["Stock"].frame.set_index("material")
    cover = tables["Cutoffs"].frame
    for material in data["materials"]:
        assert material["stock"] == pytest.approx(stock.loc[material["name"]].iloc[1:].tolist(), rel=1e-8, abs=1e-9)
    for of in data["coverage"]:
        reached = [v for row in of["reached"] for v in row if v is not None]
        wanted = cover[cover["sector"] == of["sector"]]["reached"]

        assert sorted(reached) == pytest.approx(sorted(wanted), rel=1e-8)


def test_a_case_without_cutoffs_has_no_map_of_coverage() -> None:
    names = {of.get("id") for _, of in page_of("nothing held").tags}

    assert "coverage" not in names
    assert "#coverage" not in {of.get("href") for _, of in page_of("nothing held").tags}


@pytest.mark.parametrize("name", ["every sheet", "evil", "nothing held"])
def test_a_page_can_be_shown_within_another(name: str) -> None:
    """All that people read and the data of the charts, without a script that would run or a part that is not closed."""
    text = fragment_of(text_of(name))
    inner = Page(text)
    kinds = [of.get("type") for tag, of in inner.tags if tag == "script"]

    assert kinds == ["application/json"]
    assert not inner.open
    assert not inner.unbalanced
    assert inner.rows == page_of(name).rows
    assert json.loads(inner.scripts[0]) == json.loads(page_of(name).scripts[0])


def test_data_can_stand_in_a_script() -> None:
    """No "<" that could end it, no NaN that JSON does not know."""
    assert as_json({"a</script>": [math.nan, math.inf, 1 / 3, 2]}) == '{"a\\u003c/script>":[null,null,0.333333333,2]}'


def test_without_plotly_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plotly", None)
    with pytest.raises(MissingExtra, match=r'pip install "\.\[html\]"'):
        write_html(plan_named("nothing held"), tmp_path / "plan.html")

    assert not list(tmp_path.iterdir())


def test_only_an_optimal_plan_is_written(tmp_path: Path) -> None:
    plan = make_plan(case(materials={"material": "Dy", "price": 100, "stock_limit": 0, "min_cover": 30}))

    with pytest.raises(ValueError, match="only an optimal plan"):
        write_html(plan, tmp_path / "plan.html")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_the_users_to_mend(tmp_path: Path) -> None:
    pytest.importorskip("plotly", reason="plotly is not installed")
    with pytest.raises(FileError, match="no such folder"):
        write_html(plan_named("nothing held"), tmp_path / "nowhere" / "plan.html")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as running:
        yield running


@pytest.mark.slow
def test_the_page_works_in_a_browser(browser: Any, tmp_path: Path) -> None:
    """Charts are drawn, the selectors change them, headings sort, the filter hides; nothing is complained of, nothing offers to share."""
    browser.get(write_html(plan_named("every sheet"), tmp_path / "plan.html", studies=report_named("every sheet").studies).as_uri())
    ask = browser.execute_script
    choose = "const s = document.getElementById(arguments[0]); s.value = arguments[1]; s.dispatchEvent(new Event('change'))"
    drawn = ask("return [...document.querySelectorAll('.chart')].map((c) => c.querySelectorAll('.main-svg').length)")
    figure = "return document.querySelector('#figures strong').textContent"
    before = ask(figure)
    ask(choose, "choose-material", "1")
    after, title = ask(figure), ask("return document.getElementById('m-stock').layout.title.text")
    ask(choose, "choose-sector", "1")
    order = "return [...document.querySelectorAll('#t0 tbody tr')].map((r) => r.cells[0].textContent)"
    ask("document.querySelector('#t0 thead button').click()")
    names = ask(order)
    ask("const i = document.querySelector('input[data-table=t0]'); i.value = 'tb'; i.dispatchEvent(new Event('input'))")
    left = ask("return [...document.querySelectorAll('#t0 tbody tr')].filter((r) => !r.hidden).map((r) => r.cells[0].textContent)")
    buttons = set(ask("return [...document.querySelectorAll('.modebar-btn')].map((b) => b.dataset.title)"))

    assert drawn
    assert all(count >= 1 for count in drawn)
    assert before != after
    assert names == ["Dy", "ore", "Tb"]
    assert title == f"Stock of {report_tables(Report(plan_named('every sheet')))['Stockpile'].frame['material'].iloc[1]} in peace"
    assert ask("return document.getElementById('m-fall').layout.title.text").startswith(f"Why so much {title.split()[2]} is held")
    assert ask("return document.getElementById('map').layout.title.text") == "Coverage reached for defense, %"
    assert left == ["Tb"]
    assert len(buttons) == 4
    assert not [b for b in buttons if re.search("share|cloud|send", str(b), re.IGNORECASE)]
    assert ask("return performance.getEntriesByType('resource').filter((r) => !r.name.startsWith('data:')).length") == 0
    assert browser.get_log("browser") == []


@pytest.mark.slow
def test_names_stay_text_in_a_browser(browser: Any, tmp_path: Path) -> None:
    """A name that is a script runs nowhere: not in the tables, the selectors, nor in the texts of charts, where plotly reads tags."""
    browser.get(write_html(plan_named("evil"), tmp_path / "plan.html", studies=report_named("evil").studies).as_uri())
    ask = browser.execute_script

    assert ask("return document.querySelector('#choose-material option').textContent") == EVIL
    assert EVIL in ask("return document.querySelector('#m-stock .gtitle').textContent")
    assert any(EVIL in label for label in ask("return [...document.querySelectorAll('#map .ytick text')].map((t) => t.textContent)"))
    assert ask("return document.querySelectorAll('script').length") == 5
    assert browser.get_log("browser") == []
