"""When `.ci/needs` installs packages: at once for root, with sudo only after a yes."""

import os
import pty
import subprocess

import pytest
from conftest import ROOT
from waiting import PATIENCE

NEEDS = [str(ROOT / ".ci" / "needs"), "libpng-dev:PNG-pictures", "rsync:publishing"]
INSTALLED = ["apt-get update -qq", "apt-get install -y -qq --no-install-recommends rsync"]


@pytest.fixture
def machine(tmp_path):
    """A function from user id and "has sudo" to an environment whose commands only write down what
    they were asked; libpng-dev is installed there and rsync is not."""

    def script(name, text):
        path = tmp_path / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def made(user, sudo=True):
        script("dpkg-query", '[ "$4" = libpng-dev ] && printf "install ok installed"')
        script("id", f"echo {user}")
        script("apt-get", f'echo "apt-get $*" >> {tmp_path}/asked')
        script("env", 'shift; exec "$@"')
        script("bash", 'exec /bin/bash "$@"')
        if sudo:
            script("sudo", f'echo sudo >> {tmp_path}/asked; exec "$@"')
        return {"PATH": str(tmp_path / "bin"), "TERM": "dumb"}

    made.asked = lambda: (tmp_path / "asked").read_text().splitlines() if (
        tmp_path / "asked").exists() else []
    return made


def without_terminal(environment):
    return subprocess.run(
        ["/bin/bash", *NEEDS], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=PATIENCE)


def at_a_terminal(environment, typed):
    """Exit status and what the terminal showed, after `typed` was typed."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        ["/bin/bash", *NEEDS], env=environment, stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True)
    os.close(theirs)
    os.write(ours, typed.encode())
    shown = b""
    try:
        while part := os.read(ours, 4096):
            shown += part
    except OSError:
        # Linux reports the end of a terminal that has no other side as an input error.
        pass
    finally:
        os.close(ours)
    return process.wait(timeout=PATIENCE), shown.decode()


def test_root_installs_what_is_missing_and_is_told(machine):
    result = without_terminal(machine(0))
    assert result.returncode == 0, result.stderr
    assert "You are root: they are installed now with apt-get." in result.stdout
    assert "  rsync, for publishing\n" in result.stdout and "libpng" not in result.stdout
    assert machine.asked() == INSTALLED


@pytest.mark.parametrize(("sudo", "prefix"), [(True, "sudo "), (False, "")])
def test_without_a_terminal_nothing_is_installed_and_the_line_to_type_is_printed(machine, sudo, prefix):
    result = without_terminal(machine(1000, sudo))
    assert result.returncode == 1
    assert machine.asked() == []
    assert result.stdout.splitlines()[-1] == (
        f"  {prefix}apt-get update && {prefix}apt-get install --no-install-recommends rsync")


@pytest.mark.parametrize("typed", ["\n", "n\n", "what\n", "\x04"])
def test_at_a_terminal_anything_but_yes_installs_nothing(machine, typed):
    status, shown = at_a_terminal(machine(1000), typed)
    assert status == 1
    assert "Install them now with sudo apt-get? [y/N]" in shown
    assert "sudo apt-get update && sudo apt-get install --no-install-recommends rsync" in shown
    assert machine.asked() == []


@pytest.mark.parametrize("typed", ["y\n", "yes\n"])
def test_at_a_terminal_a_yes_installs_with_sudo(machine, typed):
    status, shown = at_a_terminal(machine(1000), typed)
    assert status == 0, shown
    assert machine.asked() == ["sudo", INSTALLED[0], "sudo", INSTALLED[1]]
