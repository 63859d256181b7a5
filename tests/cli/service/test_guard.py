"""Whom the service answers: the token, the host, no other site's page; and nothing of a client's becomes a path or a program."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import openpyxl
import pytest

from tests.kit.service import TUTORIAL, Service

FOREIGN = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def stranger(service: Service) -> Iterator[httpx.Client]:
    """Somebody without the token."""
    with httpx.Client(base_url=service.address, timeout=60) as client:
        yield client


@pytest.fixture
def browser(service: Service, stranger: httpx.Client) -> httpx.Client:
    """Somebody who followed the printed link."""
    assert stranger.get("/", params={"token": service.token}).status_code == 303
    return stranger


def test_without_the_token_nothing_is_answered_but_that_the_service_is_there(service: Service, stranger: httpx.Client) -> None:
    paths = ("/", "/api/cases", "/api/runs", "/api/openapi.json", "/static/service.css", "/no-such-page", "/api/health/../cases")
    wrong = {"Authorization": f"Bearer {service.token[:-1]}"}

    assert stranger.get("/api/health").json() == {"status": "ok"}
    assert {stranger.get(path).status_code for path in paths} == {401}
    assert {stranger.get(path, headers=wrong).status_code for path in paths} == {401}
    assert stranger.get("/", params={"token": "guessed"}).status_code == 401
    assert stranger.post("/api/cases", files={"file": b"PK\x03\x04"}).status_code == 401


def test_the_token_of_the_link_becomes_a_cookie_and_leaves_the_address(service: Service, stranger: httpx.Client) -> None:
    answer = stranger.get("/api/runs", params={"token": service.token, "limit": 5})
    cookie = answer.headers["set-cookie"]

    assert (answer.status_code, answer.headers["location"]) == (303, "/api/runs?limit=5")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert service.token not in cookie
    assert stranger.get("/api/runs").status_code == 200


def test_a_link_cannot_lead_to_another_site(service: Service) -> None:
    answer = service.raw(f"GET //evil.example/?token={service.token} HTTP/1.1")

    assert " 303 " in answer.partition("\n")[0]
    assert "location: /evil.example/\r\n" in answer


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example", "", "127.0.0.1@evil.example"])
def test_other_names_are_not_answered(service: Service, host: str) -> None:
    """A page of another site whose name leads here (DNS rebinding) sends its own name."""
    assert service.client.get("/api/runs", headers={"Host": host}).status_code in (400, 421)


@pytest.mark.parametrize(
    "headers",
    [FOREIGN, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"}, {"Origin": "null"}, {}],
)
def test_the_pages_of_other_sites_change_nothing(browser: httpx.Client, headers: dict[str, str]) -> None:
    """With the cookie of the victim, which a browser would not even send."""
    answer = browser.post("/api/cases", files={"file": ("a.xlsx", TUTORIAL.read_bytes())}, headers=headers)

    assert answer.status_code == 403


def test_its_own_pages_and_scripts_with_the_token_may(service: Service, browser: httpx.Client) -> None:
    upload = {"file": ("a.xlsx", TUTORIAL.read_bytes())}

    assert browser.post("/api/cases", files=upload, headers={"Sec-Fetch-Site": "same-origin"}).status_code in (200, 201)
    assert browser.post("/api/cases", files=upload, headers={"Origin": service.address}).status_code in (200, 201)
    assert service.client.post("/api/cases", files=upload, headers=FOREIGN).status_code in (200, 201)


def test_no_other_site_may_read_and_no_page_may_run_what_it_is_sent(service: Service) -> None:
    answer = service.client.get("/", headers=FOREIGN)
    preflight = service.client.options("/api/runs", headers={**FOREIGN, "Access-Control-Request-Method": "POST"})
    policy = answer.headers["content-security-policy"]

    assert not [name for name in (*answer.headers, *preflight.headers) if name.startswith("access-control")]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_body_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """By what it says of itself, and, where it says nothing, as soon as it is too much: the rest is never taken."""
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\nPK\x03\x04'
        while taken < 400:
            taken += 1
            yield bytes(100_000)

    with Service(tmp_path / "data", "--upload", 1) as service:
        said = service.raw("POST /api/cases HTTP/1.1", f"Authorization: Bearer {service.token}", "Content-Length: 2000000")
        try:
            status = service.client.post(
                "/api/cases", content=endless(), headers={"Content-Type": "multipart/form-data; boundary=x"}
            ).status_code
        except httpx.TransportError:  # the connection is closed while more is sent
            status = 413
        assert service.answers()

    assert " 413 " in said.partition("\n")[0]
    assert status == 413
    assert taken < 400
    assert list((tmp_path / "data" / "cases").iterdir()) == []


def test_a_workbook_that_would_unpack_to_very_much_is_not_unpacked(service: Service, tmp_path: Path) -> None:
    """300 MB of zeros in 300 kB."""
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(TUTORIAL, "xl/workbook.xml")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(300):
                part.write(bytes(1_000_000))
    case = service.upload(tmp_path / "bomb.xlsx")
    warm = service.client.post(f"/cases/{case}/what-if", json={"begin": True}, headers={"Sec-Fetch-Site": "same-origin"})
    found = service.client.get(f"/api/cases/{case}/findings", params={"wait": 60}).json()

    assert found["status"] == "invalid"
    assert "would unpack to 300 MB" in found["findings"][0]["message"]
    assert warm.status_code == 422
    assert "the case has errors" in warm.text
    assert service.client.get(f"/api/cases/{case}/annotated.xlsx").status_code == 422


@pytest.mark.parametrize(
    "name", ["../../../etc/cron.d/x.xlsx", "/etc/x.xlsx", "a\\..\\b.xlsx", "<script>alert(1)</script>.xlsx", "x" * 300, "\u202excod.xlsx"]
)
def test_the_name_of_an_upload_is_for_people_alone(service: Service, name: str) -> None:
    answer = service.client.post("/api/cases", files={"file": (name, TUTORIAL.read_bytes())})
    case = answer.json()["id"]
    files = {path.name for path in service.folder.rglob("*") if path.suffix == ".xlsx" and path.parent.name == "cases"}

    assert answer.status_code in (200, 201)
    assert f"{case}.xlsx" in files
    assert all(len(path.partition(".")[0]) == 64 for path in files)


def test_what_a_workbook_names_is_shown_and_never_run(service: Service, tmp_path: Path) -> None:
    """A material called <script>: the page of its findings and that of its plan show the letters."""
    evil = "<script>alert(1)</script>"
    book = openpyxl.load_workbook(TUTORIAL)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "Dy":
                    cell.value = evil
    book["materials"]["B3"] = "dear"
    book.save(tmp_path / "evil.xlsx")
    case = service.upload(tmp_path / "evil.xlsx")
    service.client.get(f"/api/cases/{case}/findings", params={"wait": 60})
    page = (service.folder / "cases" / f"{case}.findings.html").read_text(encoding="utf-8")
    run = service.submit(service.upload(), name=evil)

    assert evil not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert evil not in service.client.get("/").text
    assert service.run(run["id"], wait=60)["name"] == evil


def test_the_page_of_a_plan_has_an_origin_of_its_own(service: Service, planned: str) -> None:
    """Its scripts are in it, so it may reach nothing of the service."""
    answer = service.client.get(f"/api/runs/{planned}/artifacts/page.html")
    policy = answer.headers["content-security-policy"]

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert policy.startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in policy
    assert "connect-src" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("name", ["..%2F..%2Fstockpile.sqlite", "request.json", "case.xlsx", "%2Fetc%2Fpasswd", "tmp", "no-such.xlsx"])
def test_only_what_a_run_made_is_given_out(service: Service, planned: str, name: str) -> None:
    assert service.client.get(f"/api/runs/{planned}/artifacts/plan.xlsx").status_code == 200
    assert service.client.get(f"/api/runs/{planned}/artifacts/{name}").status_code in (404, 422)


def test_what_is_no_workbook_is_said_to_be_none(service: Service) -> None:
    junk = io.BytesIO()
    with zipfile.ZipFile(junk, "w") as archive:
        archive.writestr("hello.txt", "hello")
    zipped = service.client.post("/api/cases", files={"file": ("a.xlsx", junk.getvalue())}).json()["id"]
    found = service.client.get(f"/api/cases/{zipped}/findings", params={"wait": 60}).json()

    assert service.client.post("/api/cases", files={"file": ("a.xlsx", b"hello")}).status_code == 422
    assert service.client.post("/api/cases", files={"file": ("a.xlsx", b"")}).status_code == 422
    assert found["status"] == "invalid"
    assert found["findings"][0]["code"] == "file"


def test_nothing_is_written_outside_its_folder(service: Service, planned: str) -> None:
    """Neither where it was started, nor in the home folder, nor among temporary files, after all that was done here."""
    assert service.run(planned)["status"] == "solved"
    assert list(service.outside.rglob("*")) == []
