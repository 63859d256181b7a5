"""Runs as processes: killed servers, cancelled and limited runs, keys, comparisons and what is kept."""

import asyncio
import time
from pathlib import Path

import openpyxl
import psutil
import pytest

from cli.service.housekeeping import Housekeeping
from cli.service.news import News
from cli.service.options import Kind, PlanOptions, PlanRequest
from cli.service.runs import Runs
from cli.service.settings import Settings
from cli.service.store import Store
from inputs.template import write_case
from tests.kit.cases import grids, sheets
from tests.kit.house import HOUSE
from tests.kit.service import TUTORIAL, Service, until

QUICK = {"quick": True, "any_optimum": True}
LARGE = HOUSE / "inputs" / "us-2026.xlsx"


def processes_of(service: Service) -> list[psutil.Process]:
    """What the service has begun, and what that began."""
    return psutil.Process(service.process.pid).children(recursive=True)


def workers_of(service: Service) -> list[psutil.Process]:
    return [process for process in processes_of(service) if "cli.service.worker" in process.cmdline()]


def gone(processes: list[psutil.Process]) -> bool:
    return not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes)


def test_a_killed_server_loses_nothing_and_shows_nothing_as_running_that_is_not(tmp_path: Path) -> None:
    """Ten plans, two at a time; the server is killed while the third or fourth runs. What was solved stays so, its plan byte by byte; what ran is lost,
    its processes are gone, and it can be started again; what waited runs now."""
    with Service(tmp_path / "data", "--jobs", 2) as service:
        case = service.upload()
        runs = [service.submit(case, options=QUICK, name=str(number))["id"] for number in range(10)]
        until(lambda: [service.run(run)["status"] for run in runs].count("solved") >= 2 and len(workers_of(service)) == 2)
        begun = processes_of(service)
        service.kill()
    until(lambda: gone(begun))
    with Service(tmp_path / "data", "--jobs", 2) as service:
        found = {run: service.run(run) for run in runs}
        lost = [run for run in runs if found[run]["status"] == "lost"]
        running = [run for run in runs if found[run]["status"] == "running"]
        plans = {run: service.client.get(f"/api/runs/{run}/artifacts/plan.xlsx") for run in runs if found[run]["status"] == "solved"}
        again = [service.client.post(f"/api/runs/{run}/restart").json()["status"] for run in lost]
        over = [service.run(run, wait=60) for run in runs]

    assert len(plans) >= 2
    assert {answer.status_code for answer in plans.values()} == {200}
    assert 1 <= len(lost) <= 2
    assert all(found[run]["message"] == "the service ended while it ran; it can be started again" for run in lost)
    assert len(running) <= 2
    assert {*again} <= {"queued", "running"}
    assert {run["status"] for run in over} == {"solved"}
    assert all(int(found[run]["name"]) < 4 for run in lost), "they begin in the order in which they came"


def test_a_server_that_is_told_to_end_says_what_it_did_not_finish(tmp_path: Path) -> None:
    with Service(tmp_path / "data", "--jobs", 1) as service:
        run = service.submit(service.upload(LARGE))["id"]
        until(lambda: workers_of(service))
        begun = processes_of(service)
    until(lambda: gone(begun))
    with Service(tmp_path / "data") as service:
        assert service.run(run)["status"] == "lost"


def test_cancelling_ends_the_process_at_once(service: Service) -> None:
    """Its process is gone when that is answered; a second time there is nothing to cancel."""
    run = service.submit(service.upload(LARGE))["id"]
    until(lambda: service.run(run)["progress"]["stage"])
    begun = workers_of(service)
    answer = service.client.post(f"/api/runs/{run}/cancel")

    assert begun
    assert gone(begun)
    assert answer.json()["status"] == "cancelled"
    assert service.client.post(f"/api/runs/{run}/cancel").status_code == 409


def test_a_run_that_waits_is_cancelled_before_it_begins(service: Service) -> None:
    case = service.upload(LARGE)
    runs = [service.submit(case)["id"] for _ in range(4)]
    last = service.client.post(f"/api/runs/{runs[-1]}/cancel").json()
    others = [service.client.post(f"/api/runs/{run}/cancel") for run in runs[:-1]]

    assert [answer.json()["status"] for answer in others] == ["cancelled"] * 3
    assert (last["status"], last["started"]) == ("cancelled", None)
    assert service.client.delete(f"/api/runs/{runs[-1]}").status_code == 204
    assert service.client.get(f"/api/runs/{runs[-1]}").status_code == 404


def test_a_run_has_limits_of_memory_and_time_and_the_service_goes_on(tmp_path: Path) -> None:
    """Any plan takes more than a tenth of a GB, and more than 0.12 s."""
    for option, value, said in (("--run-memory", 0.1, "more memory than the 0.1 GB"), ("--run-minutes", 0.002, "more than the 0.12 s")):
        with Service(tmp_path / option, option, value) as service:
            over = service.run(service.submit(service.upload())["id"], wait=60)

            assert over["status"] == "failed"
            assert said in over["message"]
            assert service.answers()


def test_the_same_key_gives_the_same_run(service: Service) -> None:
    case, key = service.upload(), {"Idempotency-Key": "tonight"}
    asked = {"case": case, "kind": "plan", "options": QUICK}
    first, second = (service.client.post("/api/runs", json=asked, headers=key) for _ in range(2))
    other = service.client.post("/api/runs", json={**asked, "name": "another"}, headers=key)

    assert first.status_code == second.status_code == 202
    assert first.json()["id"] == second.json()["id"]
    assert first.headers["Location"] == f"/api/runs/{first.json()['id']}"
    assert other.status_code == 422
    assert "Idempotency-Key" in other.json()["detail"]


def test_a_case_with_errors_is_not_run_and_says_where(service: Service, tmp_path: Path) -> None:
    """A price that is a word: its cell, what is there and what would be right, for programs."""
    wrong = sheets("reference-03")
    wrong["materials"][0]["price"] = "dear"
    write_case(tmp_path / "wrong.xlsx", grids(wrong))
    case = service.upload(tmp_path / "wrong.xlsx")
    found = service.client.get(f"/api/cases/{case}/findings", params={"wait": 60}).json()
    refused = service.client.post("/api/runs", json={"case": case, "kind": "plan"})
    copy = service.client.get(f"/api/cases/{case}/annotated.xlsx")

    assert found["status"] == "invalid"
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    (error,) = refused.json()["errors"]
    assert (error["sheet"], error["code"], error["found"], error["expected"]) == (
        "materials",
        "value",
        "dear",
        "a number in USD/kg, at least 0",
    )
    assert error["cell"].endswith("3")
    assert copy.status_code == 200
    assert copy.content[:2] == b"PK"


def test_a_run_of_a_case_that_is_not_checked_yet_finds_its_errors_itself(tmp_path: Path) -> None:
    wrong = sheets("reference-03")
    wrong["materials"][0]["price"] = "dear"
    write_case(tmp_path / "wrong.xlsx", grids(wrong))
    with Service(tmp_path / "data") as service:
        over = service.run(service.submit(service.upload(tmp_path / "wrong.xlsx"))["id"], wait=60)

    assert over["status"] == "invalid"
    assert [(error["sheet"], error["found"]) for error in over["errors"]] == [("materials", "dear")]


def test_every_kind_of_run_writes_what_it_is_for(service: Service) -> None:
    """Of the teaching case: a sweep of two points, a frontier, why no plan exists with 1 t of dysprosium a year, and two plans compared."""
    case = service.upload()
    plan = service.submit(case, options=QUICK)["id"]
    service.run(plan, wait=60)
    runs = {
        "sweep.xlsx": service.submit(case, "sweep", {"vary": ["materials[Dy].price*=1,2"]}),
        "frontier.xlsx": service.submit(case, "frontier", {"along": "sectors[defense].coverage=0.5:1"}),
        "explained.xlsx": service.submit(case, "explain", {"changes": ["materials[Dy].purchase_limit=1"]}),
        "comparison.xlsx": service.submit(case, "compare", {"runs": [plan], "regret": True}),
        "alternatives.xlsx": service.submit(case, "alternatives", {"within": 0.05}),
        "worth.xlsx": service.submit(case, "worth"),
        "stress.xlsx": service.submit(case, "stress", {"plan": plan, "futures": 20}),
    }
    for name, run in runs.items():
        over = service.run(run["id"], wait=60)

        assert over["status"] == "solved", over["message"]
        assert name in [artifact["name"] for artifact in over["artifacts"]]
    assert service.run(runs["sweep.xlsx"]["id"])["progress"] == {"stage": "solve", "done": 2, "total": 2}
    assert "raise materials[Dy].purchase_limit from 1 t/yr to 5 t/yr" in service.run(runs["explained.xlsx"]["id"])["message"]


def test_a_case_without_a_plan_is_infeasible(service: Service, tmp_path: Path) -> None:
    """5 t of dysprosium are needed in store, and 1 t may be bought (README): the explanation says what to raise, and its mended copy has a plan."""
    book = openpyxl.load_workbook(TUTORIAL)
    book["materials"]["J4"] = 1
    book.save(tmp_path / "none.xlsx")
    case = service.upload(tmp_path / "none.xlsx")
    over = service.run(service.submit(case)["id"], wait=60)
    explained = service.run(service.submit(case, "explain")["id"], wait=60)
    (tmp_path / "mended.xlsx").write_bytes(service.client.get(f"/api/runs/{explained['id']}/artifacts/mended.xlsx").content)
    mended = service.run(service.submit(service.upload(tmp_path / "mended.xlsx"), options=QUICK)["id"], wait=60)

    assert over["status"] == "infeasible"
    assert "raise materials[Dy].purchase_limit from 1 t/yr to 5 t/yr (materials!J4)" in over["message"]
    assert [explained["status"], mended["status"]] == ["solved", "solved"]


def test_what_is_old_leaves_and_what_is_pinned_stays(tmp_path: Path) -> None:
    """With nothing to be kept longer than a moment, the next start finds the pinned run alone, and its case."""
    with Service(tmp_path / "data") as service:
        case = service.upload()
        runs = [service.submit(case, options=QUICK)["id"] for _ in range(2)]
        for run in runs:
            service.run(run, wait=60)
        service.client.patch(f"/api/runs/{runs[0]}", json={"pinned": True, "notes": "for the minister"})
    time.sleep(0.1)
    with Service(tmp_path / "data", "--keep-days", 0) as service:
        until(lambda: service.client.get(f"/api/runs/{runs[1]}").status_code == 404)
        kept = service.run(runs[0])

        assert (kept["pinned"], kept["notes"], kept["status"]) == (True, "for the minister", "solved")
        assert service.client.get(f"/api/cases/{case}").status_code == 200
        assert service.client.delete(f"/api/cases/{case}").status_code == 409
        assert sorted(path.name for path in (tmp_path / "data" / "runs").iterdir()) == [runs[0]]


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    with Service(tmp_path / "data", "--disk", 0.1) as service:
        (tmp_path / "data" / "ballast").write_bytes(bytes(100_000_000))
    with Service(tmp_path / "data", "--disk", 0.1) as service:
        answer = service.client.post("/api/cases", files={"file": (TUTORIAL.name, TUTORIAL.read_bytes())})

        assert answer.status_code == 507
        assert service.client.get("/api/cases").json()["cases"] == []


def test_a_folder_serves_one_service(service: Service) -> None:
    from tests.kit.command import second_process

    done = second_process("serve", "--port", "0", "--data", service.folder)

    assert done.returncode == 2
    assert "another service uses this folder" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"), [(("--host", "0.0.0.0"), "--token-file"), (("--token-file", "no-such-file"), "cannot be read")]
)
def test_another_host_needs_a_token_of_its_own(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    from tests.kit.command import second_process

    done = second_process("serve", "--port", "0", "--data", tmp_path / "data", *options)

    assert done.returncode == 2
    assert said in done.stderr


def test_a_sweep_that_is_run_again_goes_on_where_it_was(service: Service) -> None:
    """Cancelled on its way, it begins again with no fewer points done."""
    options = {"vary": ["demand[*].demand*=normal(1,0.1)"], "kind": "monte-carlo", "points": 5000}
    run = service.submit(service.upload(), "sweep", options)["id"]
    until(lambda: service.run(run)["progress"]["done"])
    before = service.client.post(f"/api/runs/{run}/cancel").json()
    again = service.client.post(f"/api/runs/{run}/restart")
    until(lambda: service.run(run)["progress"]["done"])
    after = service.run(run)
    service.client.post(f"/api/runs/{run}/cancel")

    assert before["status"] == "cancelled"
    assert again.status_code == 202
    assert after["progress"]["done"] >= before["progress"]["done"] > 0
    assert after["progress"]["total"] == 5000


def test_a_run_of_which_nothing_could_be_written_down_does_not_stay_running(tmp_path: Path) -> None:
    """While it runs, its file of rows cannot be written to, as on a full disk; once it can, the run has failed, and the next one is solved."""
    settings = Settings(tmp_path, "token", jobs=1)
    store, news = Store(settings), News()

    async def run_twice() -> list[str]:
        runs = Runs(settings, store, news, Housekeeping(settings, store))
        with TUTORIAL.open("rb") as content:
            case = store.add_case(content, "case.xlsx")[0].id
        request = PlanRequest(case=case, kind=Kind.PLAN, options=PlanOptions(quick=True)).model_dump(mode="json")
        first = runs.submit(request)
        store.rows.execute("PRAGMA query_only = ON")
        await asyncio.gather(*runs.running.values(), return_exceptions=True)
        store.rows.execute("PRAGMA query_only = OFF")
        second = runs.submit(request)
        await runs.wait_over(second.id, 60)
        await runs.close()
        return [run.status for run in (store.run(first.id), store.run(second.id)) if run]

    assert asyncio.run(run_twice()) == ["failed", "solved"]
    store.close()


def test_a_run_that_fails_when_it_is_run_again_keeps_nothing_of_what_it_gave_before(tmp_path: Path) -> None:
    """Its workbook is gone: it has no plan then, and none can be stressed. A stress test made a plan itself, and keeps that, byte by byte."""
    with Service(tmp_path / "data") as service:
        case = service.upload()
        plan, stress = service.submit(case, options=QUICK)["id"], service.submit(case, "stress", {"futures": 5})["id"]
        before = [service.run(run, wait=60)["status"] for run in (plan, stress)]
        kept = service.client.get(f"/api/runs/{stress}/artifacts/plan.xlsx").content
        service.client.post(f"/api/runs/{stress}/restart").raise_for_status()
        stressed = service.run(stress, wait=60)["status"], service.client.get(f"/api/runs/{stress}/artifacts/plan.xlsx").content
        (tmp_path / "data" / "cases" / f"{case}.xlsx").unlink()
        service.client.post(f"/api/runs/{plan}/restart").raise_for_status()
        after = service.run(plan, wait=60)
        refused = service.client.post("/api/runs", json={"case": case, "kind": "stress", "options": {"plan": plan}})

    assert before == ["solved", "solved"]
    assert stressed == ("solved", kept)
    assert (after["status"], after["artifacts"]) == ("failed", [])
    assert f"the run {plan} has no plan" in refused.json()["detail"]
