"""Files are written whole or not at all, whatever becomes of the process that writes them."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from inputs.errors import FileError
from inputs.files import STALE_AFTER, write_whole
from tests.kit.house import HOUSE

WRITES = """
import sys
from pathlib import Path
from inputs.files import STALE_AFTER, write_whole

def write(temporary: Path) -> None:
    temporary.write_text("half")
    print("begun", flush=True)
    sys.stdin.readline()
    temporary.write_text("theirs")

write_whole(Path(sys.argv[1]), write)
"""
"""A process that says when it has begun to write, and ends when it is told to."""

WATCHED = """
import sys
made = []
sys.addaudithook(lambda event, of: made.append(of[0]) if event.startswith("tempfile.") else None)
sys.argv = ["stockpile", *sys.argv[1:]]
from cli.app import main
try:
    main()
finally:
    print("made:", made)
"""
"""The command, which says at last what it has made in the system's folder of temporary files."""


def begun(target: Path) -> subprocess.Popen[str]:
    """A process that is in the midst of writing a target."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITES, str(target)], cwd=HOUSE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "begun\n"
    return writer


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write_ours(temporary: Path) -> None:
    temporary.write_text("ours")


@pytest.mark.skipif(sys.platform == "win32", reason="what a killed process left goes after a day there")
def test_what_a_killed_process_left_is_deleted_by_the_next_run_of_the_same_target(tmp_path: Path) -> None:
    """Two processes are killed amid a.xlsx and b.xlsx; the next run of a.xlsx deletes its own leftover, and not that of b.xlsx."""
    target, other = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for writer in (begun(target), begun(other)):
        with writer:
            writer.kill()
        assert writer.returncode == -signal.SIGKILL
    left = names(tmp_path)
    write_whole(target, write_ours)
    then = names(tmp_path)
    write_whole(other, write_ours)

    assert (len(left), len(then), names(tmp_path)) == (2, 2, ["a.xlsx", "b.xlsx"])
    assert target.read_text() == "ours"


def test_the_file_of_a_live_process_is_left_alone(tmp_path: Path) -> None:
    """While one process writes a target another one does; both succeed, and the last one stands."""
    target = tmp_path / "a.xlsx"
    writer = begun(target)
    theirs = names(tmp_path)
    write_whole(target, write_ours)
    between = names(tmp_path)
    writer.communicate("\n")

    assert between == sorted([*theirs, "a.xlsx"])
    assert (writer.returncode, names(tmp_path), target.read_text()) == (0, ["a.xlsx"], "theirs")


def test_two_threads_write_one_target(tmp_path: Path) -> None:
    """Each has a file of its own: neither fails, and the target is one of the two."""
    target = tmp_path / "a.xlsx"
    both = threading.Barrier(2)

    def write(temporary: Path) -> None:
        both.wait(timeout=30)
        temporary.write_text("whole")

    threads = [threading.Thread(target=write_whole, args=(target, write)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (names(tmp_path), target.read_text()) == (["a.xlsx"], "whole")


@pytest.mark.parametrize(("age", "left"), [(STALE_AFTER + 60, False), (60, True)])
def test_a_file_of_another_machine_goes_when_it_is_old(tmp_path: Path, age: float, left: bool) -> None:
    """On a shared drive the number of a process of another machine says nothing: a day decides."""
    target = tmp_path / "a.xlsx"
    made: list[Path] = []
    write_whole(target, made.append)
    mine = made[0].name.split("-")
    theirs = tmp_path / "-".join([*mine[:2], "0" * 8, *mine[3:]])
    theirs.touch()
    then = theirs.stat().st_mtime - age
    os.utime(theirs, (then, then))
    write_whole(target, write_ours)

    assert theirs.exists() is left


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are not kept so there")
def test_a_file_has_the_permissions_of_any_new_file_and_the_umask_is_left_alone(tmp_path: Path) -> None:
    """Under a umask of 027 a file is made with 666 - 027 = 640; no thread ever sees another umask."""
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom inputs.files import write_whole\n"
        "os.umask(0o027)\nreal, os.umask = os.umask, None\n"
        "write_whole(Path(sys.argv[1]), lambda temporary: temporary.write_text('x'))\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "a.csv")], cwd=HOUSE, check=True)

    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o640


def test_a_writer_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail(temporary: Path) -> None:
        temporary.write_text("half")
        raise OSError("the disk is full")

    with pytest.raises(FileError, match="cannot be written"):
        write_whole(tmp_path / "a.xlsx", fail)

    assert names(tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ("new", "case.xlsx", "--case", "tutorial"),
        ("plan", str(HOUSE / "inputs" / "tutorial.xlsx"), "--out", "plan.xlsx", "--html", "plan.html"),
        ("sweep", "tutorial.xlsx", "--vary", "materials[Dy].price*=1,2", "--table", "points.csv"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_nothing_is_made_in_the_systems_folder_of_temporary_files(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """A kill can then leave nothing there; beside the target the next run finds it."""
    (tmp_path / "tutorial.xlsx").write_bytes((HOUSE / "inputs" / "tutorial.xlsx").read_bytes())
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *arguments],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(HOUSE)}, capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "made: []"
