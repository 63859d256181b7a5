"""What docs/api.md and the container files say is what the service does."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
import yaml

from cli.service.options import (
    AlternativesOptions,
    CompareOptions,
    ExplainOptions,
    FrontierOptions,
    Kind,
    Options,
    PlanOptions,
    StressOptions,
    SweepOptions,
    WorthOptions,
)
from tests.kit.command import stockpile
from tests.kit.house import HOUSE
from tests.kit.service import TUTORIAL, Service

PAGE = (HOUSE / "docs" / "api.md").read_text(encoding="utf-8")
OPTIONS: dict[Kind, type[Options]] = {
    Kind.PLAN: PlanOptions,
    Kind.SWEEP: SweepOptions,
    Kind.EXPLAIN: ExplainOptions,
    Kind.FRONTIER: FrontierOptions,
    Kind.COMPARE: CompareOptions,
    Kind.ALTERNATIVES: AlternativesOptions,
    Kind.WORTH: WorthOptions,
    Kind.STRESS: StressOptions,
}


def between(begin: str, text: str = PAGE) -> str:
    return text.split(begin)[1].split("<!-- end -->")[0]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the page says sha256sum")
def test_the_round_by_curl_works_as_it_stands(service: Service, tmp_path: Path) -> None:
    """Its commands, one after the other, in a shell that stops at the first that fails: at their end there is the plan of the teaching case."""
    (tmp_path / "case.xlsx").write_bytes(TUTORIAL.read_bytes())
    commands = "\n".join(re.findall(r"```sh\n(.*?)```", between("<!-- round -->"), re.DOTALL))
    environment = {**os.environ, "SERVICE": service.address, "TOKEN": service.token}
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", commands], cwd=tmp_path, env=environment, capture_output=True, text=True)
    result, _ = json.JSONDecoder().raw_decode(done.stdout[done.stdout.index('{"status": ') :])

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Summary" in openpyxl.load_workbook(tmp_path / "plan.xlsx", read_only=True).sheetnames
    assert "_findings" in openpyxl.load_workbook(tmp_path / "case-checked.xlsx", read_only=True).sheetnames
    assert (tmp_path / "page.html").read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    assert result["summary"]["objective"] == pytest.approx(43823.7)
    assert '"status":"solved"' in done.stdout


def test_the_page_has_every_kind_with_its_options() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?)\|", between("<!-- kinds -->"), re.MULTILINE)

    assert {kind: re.findall(r"`(\w+)`", options) for kind, options in rows} == {
        kind.value: [*options.model_fields] for kind, options in OPTIONS.items()
    }
    assert {*OPTIONS} == {*Kind}


def test_what_is_copied_into_the_container_is_there() -> None:
    """And every package of the house is."""
    copied = re.findall(r"^COPY (.+) \S+$", (HOUSE / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    names = [name for line in copied for name in line.split()]
    allowed = re.findall(r"^!(\S+)$", (HOUSE / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)

    assert [name for name in names if not (HOUSE / name).exists()] == []
    assert {"cli", "inputs", "model", "outputs", "pyproject.toml"} <= {*names}
    assert {*names} == {*allowed}


def test_the_containers_are_started_with_options_that_there_are() -> None:
    """Those of `stockpile serve` in the Dockerfile, the compose file and the unit; and no container may write to its own files, or as root."""
    services = yaml.safe_load((HOUSE / "compose.yaml").read_text(encoding="utf-8"))["services"]
    image = (HOUSE / "Dockerfile").read_text(encoding="utf-8")
    unit = next(line for line in PAGE.splitlines() if line.startswith("ExecStart="))
    given = {*re.findall(r"--[a-z-]+", " ".join([unit, *services["stockpile"]["command"], image.split("\nCMD ")[1]]))}
    offered = {*re.findall(r"--[a-z-]+", stockpile("serve", "--help").stdout)}

    assert given <= offered
    assert all(service["read_only"] and service["cap_drop"] == ["ALL"] for service in services.values())
    assert image.index("USER stockpile") < image.index("\nCMD ")
