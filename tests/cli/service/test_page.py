"""The pages of the service in a browser: from a dropped workbook to compared plans, by mouse and by keyboard, and nothing complained of."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from inputs.apply import apply
from inputs.change import parse_change
from inputs.workbook import read_case
from model.plan import make_plan
from tests.kit.browser import chromium
from tests.kit.service import TUTORIAL, Service, until

pytestmark = pytest.mark.slow

TAB, ENTER, END, HOME = "\ue004", "\ue007", "\ue010", "\ue011"
"""Keys, as the driver has them."""

EVIL = "<script>alert(1)</script>"

DROP = """
const [name, data] = arguments, transfer = new DataTransfer();
transfer.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name));
document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
"""
"""What a browser does when a file is let go over a page."""

FETCHED = """
const done = arguments[1];
fetch(arguments[0]).then((answer) => answer.arrayBuffer()).then((bytes) => {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  done(btoa(text));
});
"""


class Pages:
    """A browser at the service."""

    def __init__(self, driver: Any, service: Service) -> None:
        self.driver, self.service = driver, service
        self.go(f"/?token={service.token}")

    def go(self, path: str) -> None:
        """Open a page."""
        self.driver.get(f"{self.service.address}{path}")

    def all(self, css: str) -> list[Any]:
        """The elements of a selector."""
        return list(self.driver.find_elements("css selector", css))

    def text(self, css: str) -> str:
        """The text of an element, once it is there."""
        until(lambda: self.all(css))
        return str(self.ask("return document.querySelector(arguments[0]).textContent", css))

    def click(self, css: str) -> None:
        """Click an element, once it is there."""
        until(lambda: self.all(css))
        self.ask("document.querySelector(arguments[0]).click()", css)

    def ask(self, script: str, *given: Any) -> Any:
        """What a script returns."""
        return self.driver.execute_script(script, *given)

    def drop(self, workbook: Path) -> None:
        """Let a workbook go over the page, and wait until it is checked."""
        before = self.driver.current_url
        self.ask(DROP, workbook.name, base64.b64encode(workbook.read_bytes()).decode())
        until(lambda: self.driver.current_url != before and self.all("#found"))

    def fetched(self, css: str) -> bytes:
        """What a link leads to."""
        until(lambda: self.all(css))
        return base64.b64decode(self.driver.execute_async_script(FETCHED, self.all(css)[0].get_attribute("href")))

    def planned(self) -> str:
        """Ask for a plan on the page of a case; the run, once its charts are drawn."""
        self.click("#plan")
        until(lambda: self.all("#values .main-svg"))
        return str(self.driver.current_url).rpartition("/")[2]

    def complaints(self) -> list[Any]:
        """What the console has."""
        return list(self.driver.get_log("browser"))


@pytest.fixture(scope="module")
def pages(service: Service) -> Iterator[Pages]:
    with chromium() as driver:
        driver.set_script_timeout(60)
        yield Pages(driver, service)


def edited(path: Path, **cells: Any) -> Path:
    """The teaching case with cells ("materials_B4") changed."""
    book = openpyxl.load_workbook(TUTORIAL)
    for name, value in cells.items():
        sheet, _, cell = name.rpartition("_")
        book[sheet][cell] = value
    book.save(path)
    return path


def test_from_a_dropped_workbook_to_compared_plans(pages: Pages, tmp_path: Path) -> None:
    """A fault is shown in its cell, the mended workbook planned (43.8 M USD, as the README works out by hand), tried with another price, and compared."""
    pages.go("/")
    pages.drop(edited(tmp_path / "faulty.xlsx", materials_B4="n/a"))
    link = pages.all(".findings a")[0]
    link.click()

    assert link.text == "materials!B4"
    assert pages.ask("return document.querySelector(':target').textContent") == "n/aprice must be a number in USD/kg, not 'n/a'."
    copy = openpyxl.load_workbook(io.BytesIO(pages.fetched("#annotated")))
    assert copy["_findings"]["A2"].value == "materials!B4"

    pages.drop(edited(tmp_path / "mended.xlsx"))
    first = pages.planned()

    assert "Hold 2 materials worth 3.50 M USD" in pages.text("h2.said")
    assert "43.8" in pages.text("table.small tfoot")
    assert openpyxl.load_workbook(io.BytesIO(pages.fetched("a[download='plan.xlsx']")))["Summary"]

    pages.click("h1 a")
    pages.click("#ask-what-if")
    until(lambda: pages.all(".knob"))
    ends = [knob for knob in pages.all(".knob") if "Price of Dy" in knob.text]
    ends[0].find_element("css selector", "input").send_keys(END)  # twice the price
    until(lambda: "price of Dy" in pages.text("#verdict"))
    case = read_case(TUTORIAL)
    dear = make_plan(apply(case, [parse_change("materials[Dy].price*=2", case)])).objective

    shown = pages.ask("return document.querySelectorAll('#costs strong')[1].textContent")
    assert 1000 * float(shown.replace(",", "")) == pytest.approx(dear, rel=1e-5)
    assert pages.all("#bar-0 .main-svg")

    pages.go("/")
    pages.drop(edited(tmp_path / "dear.xlsx", materials_B4=800))
    second = pages.planned()
    pages.go(f"/compare?run={first}&run={second}")
    pages.click("#go")
    until(lambda: pages.all("#figure-0 .main-svg"))

    assert [cell.text for cell in pages.all("#t0 thead tr:first-child th")][2:4] == ["mended", "dear"]
    assert pages.all("#t0 tbody tr")[0].text.startswith("Cost 43.8 52.6")
    assert pages.complaints() == []


def test_a_case_without_a_plan_is_explained_and_mended(pages: Pages, tmp_path: Path) -> None:
    """No more than 1 t of dysprosium a year: the README's example; the least change, 5 t, is made in a copy, and that is planned."""
    pages.go("/")
    pages.drop(edited(tmp_path / "short.xlsx", materials_J4=1))
    pages.click("#plan")

    assert "purchase limit of Dy: 1 t/yr" in pages.text(".conflict")
    assert "materials!J4" in pages.text(".changes")
    pages.click("#apply")
    until(lambda: pages.all("#values .main-svg"))
    assert pages.text("h1 a") == "short-mended.xlsx"
    assert "every promise of coverage is kept" in pages.text("h2.said")
    assert pages.complaints() == []


def test_a_what_if_without_a_plan_is_explained(pages: Pages) -> None:
    """The purchase limit of dysprosium, a number that is not among those suggested, goes to 1 t a year: no plan, and why."""
    pages.go("/")
    pages.drop(TUTORIAL)
    pages.click("#ask-what-if")
    until(lambda: pages.all(".knob"))
    pages.all("#address")[0].send_keys("materials[Dy].purchase_limit=1:30", ENTER)
    until(lambda: "Purchase limit of Dy" in pages.text("#sliders"))
    pages.driver.switch_to.active_element.send_keys(HOME)
    until(lambda: pages.text("#verdict").startswith("No plan"))
    pages.click("#explain button")

    assert "purchase limit of Dy: 1 t/yr" in pages.text(".conflict")
    assert pages.complaints() == []


def test_names_stay_text(pages: Pages, tmp_path: Path) -> None:
    """A file, a material and a run that are called as a script is: shown as they are, and run nowhere."""
    named = {
        f"{sheet}_{cell}": EVIL
        for sheet, cell in (("materials", "A4"), ("demand", "A4"), ("supply", "C4"), ("supply", "C7"), ("recipes", "C4"))
    }
    pages.go("/")
    pages.drop(edited(tmp_path / "script.xlsx", **named))
    case = str(pages.driver.current_url).rpartition("/")[2]
    pages.service.client.patch(f"/api/cases/{case}", json={"name": EVIL}).raise_for_status()
    run = pages.planned()
    pages.service.client.patch(f"/api/runs/{run}", json={"name": EVIL, "notes": EVIL}).raise_for_status()
    for path in ("/", f"/cases/{case}", f"/runs/{run}", "/compare"):
        pages.go(path)

        assert EVIL in pages.text("main")
    pages.go(f"/cases/{case}/what-if")
    until(lambda: pages.all("#bar-0 .main-svg"))

    assert EVIL in pages.text("#tables")
    assert EVIL in pages.text("#sliders")
    assert pages.complaints() == []


def test_the_keyboard_is_enough(pages: Pages) -> None:
    """From the link past the head to the file, the button, the plan: each is reached by Tab, seen, and done by Enter or the space bar."""
    chains = pytest.importorskip("selenium.webdriver.common.action_chains")
    pages.go("/")

    def to(css: str) -> Any:
        """Tab until an element has the focus; it is seen where the focus is."""
        for _ in range(60):
            chains.ActionChains(pages.driver).send_keys(TAB).perform()
            if pages.ask("return document.activeElement.matches(arguments[0])", css):
                assert pages.ask("return getComputedStyle(document.activeElement).outlineStyle") != "none"
                return pages.driver.switch_to.active_element
        raise AssertionError(css)

    to("a.skip").send_keys(ENTER)
    to("#file").send_keys(str(TUTORIAL))
    to(".drop button").send_keys(ENTER)
    until(lambda: pages.all("#plan"))
    to("#plan").send_keys(ENTER)
    until(lambda: pages.all("#choose-material"))
    to("#choose-material")

    assert pages.complaints() == []


def test_a_run_is_cancelled_on_its_page_us_2026(pages: Pages) -> None:
    """The shipped case from the first page; its plan says how far it is, until it is cancelled."""
    pages.go("/")
    pages.click("button[aria-label='Open: United States from 2026']")
    until(lambda: pages.all("#plan"))
    pages.click("#plan")
    until(lambda: pages.all("#stage") and pages.text("#stage") not in ("queued", "running"))
    pages.click("#cancel")
    until(lambda: "cancelled" in pages.text("h1 .mark"))

    assert pages.complaints() == []


def test_pages_load_little_and_do_not_shift(pages: Pages) -> None:
    """What the first page loads is less than 100 kB, from the service alone; nothing that is seen moves while a plan's page is drawn."""
    pages.go("/")
    loaded = pages.ask("return performance.getEntries().filter((e) => e.transferSize).map((e) => [e.name, e.encodedBodySize])")

    assert sum(size for _, size in loaded) < 100_000
    assert all(name.startswith(pages.service.address) for name, _ in loaded)
    case = pages.service.upload()
    known = pages.service.client.get("/api/runs", params={"case": case, "status": "solved"}).json()["runs"]
    run = next((row for row in known if row["kind"] == "plan"), None) or pages.service.submit(case)
    until(lambda: pages.service.run(run["id"], 30)["status"] == "solved")
    pages.go(f"/runs/{run['id']}")
    until(lambda: pages.all("#map .main-svg"))
    shifts = "return new Promise((done) => new PerformanceObserver((l) => done(l.getEntries().map((e) => e.value))).observe({ type: 'layout-shift', buffered: true }) || setTimeout(() => done([]), 500))"

    assert sum(pages.ask(shifts)) < 0.01
