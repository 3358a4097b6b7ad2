"""geoatlas publish over ssh: a real server on this machine, real rsync, and publishers that are killed."""

import os
import signal
import socket
import subprocess

import pytest
import secure_shell
from conftest import failure, geoatlas_run, validated
from test_publish import FILES, build, contents, geoatlas_program
from waiting import PATIENCE, wait_until


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    if secure_shell.program() is None:
        pytest.skip("openssh-server is not installed")
    with secure_shell.secure_shell(tmp_path_factory.mktemp("ssh")) as running:
        yield running


@pytest.fixture
def atlas(tmp_path):
    return build(tmp_path / "public", FILES)


def publish(server, atlas, share, *options):
    return geoatlas_run(
        "publish", atlas, f"{secure_shell.HOST}:{share}", *options, env=server.environment)


def test_a_new_edition_over_ssh_replaces_the_old_one(server, atlas, tmp_path):
    share = tmp_path / "the 'far' share"
    result = validated("publish", publish(server, atlas, share, "--json"))
    assert (result["sent"], result["kept"]) == (len(FILES) + 1, 0)
    assert contents(share) == contents(atlas)
    assert oct(share.stat().st_mode & 0o777) == "0o755"
    (share / "votes").mkdir()
    (share / "votes/1.jsonl").write_text("{}\n")
    changed = {**FILES, "app.js": "var GEO = 1", "rocks/new.html": "<p>New</p>"}
    del changed["data.json"]
    build(atlas, changed)
    plan = validated("publish", publish(server, atlas, share, "--dry-run", "--json"))
    assert plan["changes"] == {
        "new": ["rocks/new.html"], "replaced": ["app.js", "manifest.json"], "removed": [],
        "waiting": ["data.json"]}
    result = validated("publish", publish(server, atlas, share, "--json"))
    assert {**plan, **result} == plan
    assert validated("check", geoatlas_run("check", share, "--json"))["problems"] == []
    result = validated("publish", publish(server, atlas, share, "--json"))
    assert (result["sent"], result["removed"]) == (0, 1)
    assert contents(share) == {**contents(atlas), "votes/1.jsonl": b"{}\n"}


def test_an_unchanged_atlas_costs_one_connection(server, atlas, tmp_path):
    validated("publish", publish(server, atlas, tmp_path / "share", "--json"))
    before = server.connections()
    result = validated("publish", publish(server, atlas, tmp_path / "share", "--json"))
    assert (result["sent"], result["kept"]) == (0, len(FILES) + 1)
    assert server.connections() == before + 1


def test_a_home_folder_is_where_the_login_begins(server, atlas, tmp_path):
    name = f"geoatlas test {os.getpid()}"
    home = tmp_path / "home"
    home.mkdir()
    shell = tmp_path / "shell"
    shell.write_text(f'#!/bin/sh\ncd "{home}"; shift; exec sh -c "$*"\n')
    shell.chmod(0o755)
    environment = {**os.environ, "RSYNC_RSH": f'"{shell}"'}
    result = geoatlas_run("publish", atlas, f"host:~/{name}", "--json", env=environment)
    validated("publish", result)
    assert contents(home / name) == contents(atlas)


def test_a_host_that_refuses_is_named_with_the_words_of_ssh(server, atlas, tmp_path):
    line = failure(geoatlas_run("publish", atlas, "no-such-user@rocks:/srv", env=server.environment))
    assert line.startswith("The connection to no-such-user@rocks:/srv failed: ")
    assert "Permission denied" in line
    assert ".." not in line


def test_a_folder_that_cannot_be_made_over_ssh_is_named(server, atlas, tmp_path):
    (tmp_path / "file").write_text("")
    line = failure(publish(server, atlas, tmp_path / "file/share"))
    assert line == (
        f"rocks:{tmp_path}/file/share cannot be written to (Not a directory). "
        "Give a folder you may write to, with room in it.")


def test_a_lock_is_one_for_ssh_and_for_the_folder(server, atlas, tmp_path):
    share = tmp_path / "share"
    share.mkdir()
    (share / ".geoatlas-publish.lock").write_text(f"{socket.gethostname()} {os.getpid()}\n")
    words = (
        f"Process {os.getpid()} on {socket.gethostname()} is publishing there. "
        "Wait until it has finished, then publish again.")
    assert failure(publish(server, atlas, share)) == words
    assert failure(geoatlas_run("publish", atlas, share)) == words


def frozen_rsync(tmp_path, share):
    """A PATH with an rsync that waits, and tells its process number, once pages are sent."""
    tools = tmp_path / "tools"
    tools.mkdir()
    real = subprocess.run(["which", "rsync"], capture_output=True, text=True, check=True).stdout.strip()
    (tools / "rsync").write_text(
        f'#!/bin/sh\n[ ! -e "{share}/style-1.css" ] || {{ echo $$ >"{tools}/pid"; exec sleep 600; }}\n'
        f'exec {real} "$@"\n')
    (tools / "rsync").chmod(0o755)
    return tools


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_publisher_over_ssh_that_is_ended_leaves_no_rsync_and_no_lock(server, atlas, tmp_path, number):
    share = tmp_path / "share"
    tools = frozen_rsync(tmp_path, share)
    process = subprocess.Popen(
        [geoatlas_program(), "publish", atlas, f"rocks:{share}", "--quiet"], text=True,
        env={**server.environment, "PATH": f"{tools}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    pid = tools / "pid"
    wait_until(lambda: pid.exists() and pid.read_text().endswith("\n"), "starting rsync")
    assert (share / ".geoatlas-publish.lock").exists()
    process.send_signal(number)
    errors = process.communicate(timeout=PATIENCE)[1]
    if number == signal.SIGINT:
        assert errors.splitlines()[-1] == (
            f"geoatlas: Publishing to rocks:{share} was interrupted. "
            "Run it again: it continues where it stopped.")

    def gone():
        try:
            os.kill(int(pid.read_text()), 0)
        except ProcessLookupError:
            return True
        return False
    wait_until(gone, "the end of rsync")
    # The shell on the other machine removes the lock when the connection ends.
    wait_until(lambda: not (share / ".geoatlas-publish.lock").exists(), "removing the lock")
    result = validated("publish", publish(server, atlas, share, "--json"))
    assert result["kept"] == sum(not name.endswith(".html") for name in FILES)
    assert contents(share) == contents(atlas)


def test_two_publishers_over_ssh_do_not_disturb_each_other(server, atlas, tmp_path):
    share = tmp_path / "share"
    other = build(tmp_path / "other", {**FILES, "app.js": "var GEO = 1"})
    running = [
        subprocess.Popen(
            [geoatlas_program(), "publish", edition, f"rocks:{share}", "--quiet"], text=True,
            env=server.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for edition in (atlas, other)]
    errors = [process.communicate(timeout=PATIENCE)[1] for process in running]
    statuses = [process.returncode for process in running]
    assert 0 in statuses, errors
    for status, text in zip(statuses, errors, strict=True):
        assert status == 0 or "is publishing there" in text
    assert validated("check", geoatlas_run("check", share, "--json"))["problems"] == []
