"""The pages of the service without a browser: what they load, what they forbid, and how they refuse."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

import openpyxl
import pytest

from cli.service.settings import Settings
from cli.service.store import Store
from tests.kit.service import TUTORIAL, Service, until

FORM = {"Sec-Fetch-Site": "same-origin"}


def test_pages_load_only_what_the_service_has(service: Service) -> None:
    """Each file is there under an address that has its digest, so that it may be kept for good; another digest is nothing."""
    page = service.client.get("/")
    files = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page.text)

    assert len(files) == 4
    assert not re.findall(r"https?://", page.text.replace("http://www.w3.org", ""))
    for file in files:
        answer = service.client.get(file)

        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
    assert service.client.get(re.sub("/assets/[0-9a-f]+/", "/assets/000000000000/", files[0])).status_code == 404
    assert service.client.get("/assets/000000000000/..%2Fpages.py").status_code == 404


def test_no_page_has_a_script_or_a_style_in_itself(service: Service) -> None:
    """Scripts come from files; where plotly draws it may set attributes of style, and add an empty element of style, nothing more."""
    case = service.upload()
    plain, charts = service.client.get("/"), service.client.get(f"/cases/{case}/what-if")
    rules = [dict(rule.split(" ", 1) for rule in page.headers["Content-Security-Policy"].split("; ")) for page in (plain, charts)]

    assert rules[0]["style-src"] == "'self'"
    assert rules[1]["style-src"] == "'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    assert rules[1]["style-src-attr"] == "'unsafe-inline'"
    for page, rule in zip((plain, charts), rules, strict=True):
        assert rule["script-src"] == "'self'"
        assert not re.findall(r"<script(?![^>]* src=)[^>]*>|<style|\sstyle=|\son\w+=", page.text)


def test_the_same_start_is_the_same_case(service: Service) -> None:
    """The teaching case is opened twice and is one case; what is no start is refused."""
    places = [service.client.post("/start", data={"key": "tutorial"}, headers=FORM).headers["Location"] for _ in range(2)]

    assert places[0] == places[1]
    assert service.client.get("/templates/tutorial.xlsx").content == service.client.get(f"/api{places[0]}/case.xlsx").content
    assert service.client.post("/start", data={"key": "../x"}, headers=FORM).status_code == 404


def test_what_cannot_be_done_is_said_on_a_page(service: Service, tmp_path: Path) -> None:
    """Not a workbook; one plan to compare; a number that cannot be drawn along."""
    case = service.upload()
    text = tmp_path / "case.xlsx"
    text.write_text("no workbook")
    answers = [
        service.client.post("/cases", files={"file": ("case.xlsx", text.read_bytes())}, headers=FORM),
        service.client.post("/compare", data={"run": []}, headers=FORM),
        service.client.post(f"/cases/{case}/runs", data={"kind": "frontier", "along": ""}, headers=FORM),
        service.client.post(f"/cases/{case}/runs", data={"kind": "nonsense"}, headers=FORM),
    ]

    for answer in answers:
        assert answer.status_code == 422
        assert "That cannot be done" in answer.text


def test_a_what_if_answers_in_json(service: Service) -> None:
    """The teaching case costs 43,823.7 thousand USD; an address that leads nowhere is said, and too many changes are refused."""
    case = service.upload(TUTORIAL)
    until(lambda: service.client.get(f"/api/cases/{case}").json()["status"] == "ready")
    ask = f"/cases/{case}/what-if"
    begun = service.client.post(ask, json={"begin": True}).json()

    assert round(begun["before"], 1) == 43823.7
    assert begun["knobs"]
    assert "Dx" in service.client.post(ask, json={"changes": ["materials[Dx].price*=2"]}).json()["error"]
    assert service.client.post(ask, json={"changes": ["x"] * 51}).status_code == 422


def held(of: Service, case: str) -> list[str]:
    """The processes of a service that keep a case warm."""
    listed = subprocess.run(["ps", "-eww", "-o", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if "what_if_process" in line and f"{of.folder}/cases/{case}" in line]


def test_a_warm_process_ends_with_its_case_and_with_the_service(tmp_path: Path) -> None:
    """One process a case; gone once its case is deleted, and once the service is killed."""
    with Service(tmp_path / "data") as own:
        book = openpyxl.load_workbook(TUTORIAL)
        book["materials"]["B4"] = 500
        book.save(tmp_path / "case.xlsx")
        gone, kept = own.upload(tmp_path / "case.xlsx"), own.upload(TUTORIAL)
        for case in (gone, kept, kept):
            own.client.post(f"/cases/{case}/what-if", json={"begin": True}).raise_for_status()

        assert (len(held(own, gone)), len(held(own, kept))) == (1, 1)
        own.client.post(f"/cases/{gone}/delete", headers=FORM)
        until(lambda: not held(own, gone))
        assert len(held(own, kept)) == 1
        own.kill()
        until(lambda: not held(own, kept))


def test_findings_stay_findings_where_cells_contradict_each_other(service: Service, tmp_path: Path) -> None:
    """A floor above what can be made is refused by the check, and explained from its page."""
    book = openpyxl.load_workbook(TUTORIAL)
    for cell, value in {"A3": "Nd", "B3": "home", "C3": "1", "D3": "2026"}.items():
        book["floors"][cell] = value if value.isalpha() else int(value)
    book.save(tmp_path / "floor.xlsx")
    case = service.upload(tmp_path / "floor.xlsx")
    until(lambda: service.client.get(f"/api/cases/{case}").json()["status"] != "checking")
    page = service.client.get(f"/cases/{case}").text

    assert "these cannot all hold together" in page
    assert 'id="explain"' in page


@pytest.mark.slow
def test_a_case_counts_however_many_came_after_it(tmp_path: Path) -> None:
    """A thousand cases came after one that is not checked yet and has two plans: it is checked when the service starts, and its plans are compared."""
    store = Store(Settings(tmp_path / "data", "token"))
    with TUTORIAL.open("rb") as content:
        case = store.add_case(content, "first.xlsx")[0].id
    runs = [store.add_run({"case": case, "kind": "plan", "options": {}, "name": "", "notes": ""}).id for _ in range(2)]
    for run in runs:
        store.set_run(run, status="solved", artifacts='["plan.xlsx"]')
        store.folder(run).mkdir()
        (store.folder(run) / "plan.xlsx").touch()
    for number in range(1000):
        store.add_case(io.BytesIO(b"%d" % number), f"{number}.xlsx")
    store.rows.execute("UPDATE cases SET status = 'ready' WHERE id <> ?", (case,))
    store.close()
    with Service(tmp_path / "data") as own:
        answer = own.client.post("/compare", data={"run": runs}, headers=FORM)

        assert answer.status_code == 303
        assert own.run(answer.headers["Location"].rpartition("/")[2])["options"]["names"] == ["first (1)", "first (2)"]
        assert "first.xlsx" in own.client.get("/compare").text
        until(lambda: own.client.get(f"/api/cases/{case}").json()["status"] == "ready")
