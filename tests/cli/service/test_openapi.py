"""The interface as it describes itself: whatever a program sends, it is answered as described, and never with a defect (schemathesis)."""

import json

import pytest

from tests.fuzz.requests import attack
from tests.kit.service import Service


def test_every_answer_is_described_with_its_refusals(service: Service) -> None:
    """Each operation says what it does, and refuses with problems; no plain validation errors are left."""
    described = service.client.get("/api/openapi.json").json()
    operations = [(path, method, operation) for path, methods in described["paths"].items() for method, operation in methods.items()]

    assert len(operations) >= 17
    for path, method, operation in operations:
        refused = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        assert operation["description"], (path, method)
        assert all([*answer["content"]] == ["application/problem+json"] for answer in refused.values()), (path, method)
        assert {"400", "401", "403", "413", "421", "422"} <= {*refused}, (path, method)
    assert "HTTPValidationError" not in json.dumps(described)


def test_it_answers_as_it_describes(service: Service) -> None:
    """Some examples of each operation, sound and malformed; the long run is `python -m tests.fuzz.requests`."""
    found = attack(service, 3)

    assert found.failures == []
    assert found.sent > 80
    assert {200, 202, 404, 422} <= {*found.statuses}
    assert not [status for status in found.statuses if status >= 500]
    assert "Traceback" not in service.said()


@pytest.mark.parametrize(
    ("method", "path", "body", "said"),
    [
        ("POST", "/api/runs", r'{"case":"CASE","kind":"plan","name":"a\ud800b"}', ("body.plan.name", r"a\ud800b")),
        ("POST", "/api/runs", r'{"case":"CASE","kind":"sweep","options":{"vary":["\udfff"]}}', ("body.sweep.options.vary.0", r"\udfff")),
        ("POST", "/api/runs", r'{"case":"CASE","kind":"plan","\ud800":1}', ("body.plan", r"\ud800")),
        ("PATCH", "/api/runs/RUN", r'{"notes":"\ud800"}', ("body.notes", r"\ud800")),
        ("PATCH", "/api/cases/CASE", r'{"name":"\ud800"}', ("body.name", r"\ud800")),
        ("POST", "/cases/CASE/what-if", r'{"changes":["\ud800"]}', ("body.changes.0", r"\ud800")),
    ],
)
def test_half_a_character_is_refused_where_it_stands(
    service: Service, planned: str, method: str, path: str, body: str, said: tuple[str, str]
) -> None:
    """JSON can have half of a pair of surrogates, which no file and no answer can."""
    case = service.run(planned)["case"]
    path, body = (text.replace("CASE", case).replace("RUN", planned) for text in (path, body))
    answer = service.client.request(method, path, content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert (fault["cell"], fault["found"]) == said
