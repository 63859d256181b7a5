"""Malformed requests to a running service: each is answered as the interface describes, none with a defect, and nothing grows or is written elsewhere.

python -m tests.fuzz.requests [--requests 1000] [--seed 0]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup

from tests.kit.service import Service

ASKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
)
"""What must hold of each answer; a sound request may be refused for what it asks."""


@dataclass
class Found:
    """What came of an attack: requests sent, how often each status was answered, and what was not as described."""

    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def attack(service: Service, examples: int, *, seed: int = 0) -> Found:
    """Send so many sound and so many malformed requests to each operation; every other sound one is about a case and a run that there are."""
    found, case = Found(), service.upload()
    known = {"case": case, "run": service.submit(case, options={"quick": True})["id"]}
    load_all_checks()
    schema = schemathesis.openapi.from_dict(service.client.get("/api/openapi.json").json())
    for result in schema.get_all_operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            send_all(service, result.ok(), mode, settings(SOME, max_examples=examples), seed, known, found)
    return found


SOME = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])


def send_all(
    service: Service,
    operation: Any,
    mode: GenerationMode,
    some: settings,
    seed: int,
    known: Mapping[str, str],
    found: Found,
) -> None:
    """The requests to one operation."""
    checks: Any = CHECKS.get_by_names([*ASKED])

    @seeded(seed)
    @some
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Case[Any]) -> None:
        found.sent += 1
        if mode is GenerationMode.POSITIVE and found.sent % 2:
            aim(case, known)
        response = case.call(base_url=service.address, headers={"Authorization": f"Bearer {service.token}"})
        found.statuses[response.status_code] += 1
        case.validate_response(response, checks=checks)

    try:
        send()
    except Unsatisfiable:  # nothing of it can be malformed
        pass
    except FailureGroup as error:
        found.failures.append(f"{operation.label}, {mode.value}: {error}")


def aim(case: Case[Any], known: Mapping[str, str]) -> None:
    """Let a request be about what there is; nothing of that is deleted."""
    if case.method != "DELETE":
        case.path_parameters.update({name: known[name] for name in known if name in case.path_parameters})
    if isinstance(case.body, dict) and "case" in case.body:
        case.body["case"] = known["case"]


def main() -> None:
    """Attack a service, and say what it answered, how its memory grew, and what it wrote elsewhere."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Service(Path(folder) / "data") as service:
        process = psutil.Process(service.process.pid)
        attack(service, 2, seed=options.seed)  # what is loaded once is there then
        before, began, found = process.memory_info().rss, time.monotonic(), Found()
        while found.sent < options.requests:
            again = attack(service, 15, seed=options.seed + found.sent)
            found.sent += again.sent
            found.statuses += again.statuses
            found.failures += again.failures
            print(f"{found.sent} requests, memory {(process.memory_info().rss - before) / 1e6:+.1f} MB", flush=True)
        print(f"{found.sent} requests in {time.monotonic() - began:.0f} s: {dict(sorted(found.statuses.items()))}")
        print(f"answers with a defect: {sum(count for status, count in found.statuses.items() if status >= 500 and status != 507)}")
        print(f"not as described: {len(found.failures)}", *found.failures, sep="\n")
        print(f"files outside its folder: {len(list(service.outside.rglob('*')))}")
        print(f"said by the service: {service.said() or 'nothing'}")


if __name__ == "__main__":
    main()
