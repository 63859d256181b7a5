"""The interface as it describes itself: whatever a program sends, it is answered as described, and never with a defect (schemathesis)."""

import json

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
