"""The PostgreSQL that comes along: started by the first, stopped by the last, whatever happened in between."""

import asyncio
import os
import pwd
import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import psutil
import pytest

from domain.errors import Conflict, Unavailable
from eventstore.embedded import Engine, embedded, sole_server


def asked(engine: Engine, question: str) -> object:
    """One answer from the database."""

    async def ask() -> object:
        connection = await asyncpg.connect(engine.url)
        try:
            return await connection.fetchval(question)
        finally:
            await connection.close()

    return asyncio.run(ask())


def postmaster(home: Path) -> psutil.Process:
    return psutil.Process(int((home / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0]))


def runs(home: Path) -> bool:
    return (home / "postgres" / "postmaster.pid").exists() and postmaster(home).is_running()


def another_process(home: Path) -> "subprocess.Popen[str]":
    """A process that joins the engine and says so, then waits for a line, or for Ctrl-C."""
    program = (
        "from pathlib import Path; from eventstore.embedded import embedded\n"
        f"with embedded(Path({str(home)!r})):\n"
        "    try: print('here', flush=True); input()\n"
        "    except KeyboardInterrupt: pass"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdin=-1, stdout=-1, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    return process


def test_the_first_starts_it_and_the_last_stops_it(home: Path) -> None:
    with embedded(home):
        other = another_process(home)
        first = postmaster(home).pid
    assert postmaster(home).pid == first

    other.communicate("\n")

    assert not runs(home)


def test_it_is_a_postgresql_18_on_a_socket_only(home: Path) -> None:
    with embedded(home, settings={"shared_buffers": "16MB"}) as engine:
        assert str(asked(engine, "SHOW server_version")).startswith("18.")
        assert asked(engine, "SHOW listen_addresses") == ""
        assert asked(engine, "SHOW shared_buffers") == "16MB"
        assert asked(engine, "SHOW fsync") == "on"
        assert (home / "postgres").stat().st_mode & 0o777 == 0o700


def test_data_outlive_a_restart(home: Path) -> None:
    with embedded(home) as engine:
        asked(engine, "CREATE TABLE kept AS SELECT 7 AS number")
    with embedded(home) as engine:
        assert asked(engine, "SELECT number FROM kept") == 7


def test_a_killed_process_leaves_it_to_the_next(home: Path) -> None:
    process = another_process(home)
    process.kill()
    process.communicate()
    assert runs(home)

    with embedded(home):
        pass

    assert not runs(home)


def test_a_server_that_was_killed_recovers(home: Path) -> None:
    with embedded(home) as engine:
        asked(engine, "CREATE TABLE kept AS SELECT 7 AS number")
        postmaster(home).kill()
    with embedded(home) as engine:
        assert asked(engine, "SELECT number FROM kept") == 7


def test_a_lock_file_that_names_some_other_living_process_is_not_believed(home: Path) -> None:
    with embedded(home):
        lock = (home / "postgres" / "postmaster.pid").read_text()
    stale = lock.replace(lock.split("\n", 1)[0], str(os.getpid()), 1)
    (home / "postgres" / "postmaster.pid").write_text(stale)

    with embedded(home) as engine:
        assert asked(engine, "SELECT 1") == 1


def test_a_first_start_that_was_killed_starts_anew(home: Path) -> None:
    with embedded(home):
        pass
    half = home / "postgres" / "half-made"
    half.mkdir()
    for entry in ("PG_VERSION", "global"):
        (home / "postgres" / entry).rename(half / entry)

    with embedded(home) as engine:
        assert asked(engine, "SELECT 1") == 1


def test_it_runs_where_the_path_is_too_long_for_a_socket(home: Path) -> None:
    with embedded(home / ("long" * 30)) as engine:
        assert asked(engine, "SELECT 1") == 1


def test_a_folder_of_another_version_is_refused(home: Path) -> None:
    (home / "postgres").mkdir()
    (home / "postgres" / "PG_VERSION").write_text("16\n")

    with pytest.raises(Unavailable, match="made by PostgreSQL 16"), embedded(home):
        pass


def test_what_it_does_not_start_for_is_said(home: Path) -> None:
    with embedded(home):
        pass
    (home / "postgres" / "postgresql.conf").write_text("no_such_setting = 1\n")

    with pytest.raises(Unavailable, match="no_such_setting"), embedded(home):
        pass


def test_a_second_serve_on_one_folder_is_refused(home: Path) -> None:
    with sole_server(home), pytest.raises(Conflict, match="another `deskledger serve`"), sole_server(home):
        pass
    with sole_server(home):
        pass


def test_it_starts_within_a_second_of_processor_time(home: Path) -> None:
    with embedded(home):
        pass
    began = time.process_time()

    with embedded(home):
        assert time.process_time() - began < 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else; the other tests ran as a user")
def test_it_runs_as_an_ordinary_user_too(home: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    program = (
        "import os; from pathlib import Path; from eventstore.embedded import embedded\n"
        f"os.setgroups([]); os.setgid({nobody.pw_gid}); os.setuid({nobody.pw_uid})\n"
        f"with embedded(Path({str(home)!r})): print('here')"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)

    assert (done.stdout, done.returncode) == (b"here\n", 0), done.stderr
    assert (home / "postgres").stat().st_uid == nobody.pw_uid


def test_interrupting_the_terminal_does_not_reach_it(home: Path) -> None:
    """Ctrl-C goes to all processes of a group; the server is in one of its own and waits to be stopped in order."""
    process = another_process(home)
    assert os.getpgid(postmaster(home).pid) != os.getpgid(process.pid)

    process.send_signal(signal.SIGINT)
    process.communicate()

    assert process.returncode == 0
    assert not runs(home)
