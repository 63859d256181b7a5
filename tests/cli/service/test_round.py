"""A whole round over HTTP: upload, check, plan, fetch."""

import io

import openpyxl

from tests.kit.service import TUTORIAL, Service


def test_from_a_workbook_to_its_plan(service: Service) -> None:
    """The teaching case costs 43.8 million USD (README), and its plan has the sheets of a plan."""
    case = service.upload()
    found = service.client.get(f"/api/cases/{case}/findings", params={"wait": 60}).json()
    run = service.submit(case, name="by hand")
    over = service.run(run["id"], wait=60)
    files = {artifact["name"]: artifact["href"] for artifact in over["artifacts"]}
    plan = openpyxl.load_workbook(io.BytesIO(service.client.get(files["plan.xlsx"]).content), read_only=True)

    assert found["status"] == "ready"
    assert {f["level"] for f in found["findings"]} == {"note"}
    assert (over["status"], over["name"]) == ("solved", "by hand")
    assert "expected cost 43.8 million USD" in over["message"]
    assert {"plan.xlsx", "page.html", "result.json", "log.txt"} <= {*files}
    assert "Summary" in plan.sheetnames
    assert service.client.get(files["result.json"]).json()["summary"]["objective"] > 43_000


def test_the_same_file_twice_is_one_case(service: Service) -> None:
    first = service.client.post("/api/cases", files={"file": ("a.xlsx", TUTORIAL.read_bytes())})
    second = service.client.post("/api/cases", files={"file": ("b.xlsx", TUTORIAL.read_bytes())})

    assert first.json()["id"] == second.json()["id"]
    assert second.status_code == 200
    assert [case["id"] for case in service.client.get("/api/cases").json()["cases"]].count(first.json()["id"]) == 1
