"""An ssh server of its own on this machine, for tests and benchmarks that publish over ssh."""

import contextlib
import os
import shutil
import subprocess
from pathlib import Path

from ports import free_port, listens
from waiting import wait_until

# The name that the configuration of the client gives to the server.
HOST = "rocks"


def program():
    """The path of sshd, `None` when it is not installed. It has to be started by its full path."""
    return shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin:/usr/local/sbin")


class SecureShell:
    """A running server. `environment` makes `geoatlas publish` and rsync reach it as `rocks`."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.log = self.folder / "sshd.log"
        self.port = free_port()
        for name in ("host_key", "client_key"):
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / name],
                check=True)
        client = (self.folder / "client_key.pub").read_text()
        (self.folder / "authorized_keys").write_text(client)
        (self.folder / "authorized_keys").chmod(0o600)
        host = " ".join((self.folder / "host_key.pub").read_text().split()[:2])
        (self.folder / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {host}\n")
        (self.folder / "sshd_config").write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {self.folder}/host_key\n"
            f"AuthorizedKeysFile {self.folder}/authorized_keys\nPidFile none\nStrictModes no\n"
            "UsePAM no\nPasswordAuthentication no\nMaxStartups 100\nLogLevel VERBOSE\n")
        (self.folder / "ssh_config").write_text(
            f"Host {HOST}\n HostName 127.0.0.1\n Port {self.port}\n"
            f" IdentityFile {self.folder}/client_key\n IdentitiesOnly yes\n"
            f" UserKnownHostsFile {self.folder}/known_hosts\n StrictHostKeyChecking yes\n"
            " BatchMode yes\n")
        if os.getuid() == 0:
            # As root, the server wants this folder.
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        self.process = subprocess.Popen(
            [program(), "-D", "-f", self.folder / "sshd_config", "-E", self.log])
        self.environment = {
            **os.environ, "RSYNC_RSH": f"ssh -F '{self.folder}/ssh_config'"}
        wait_until(
            lambda: listens(self.port) or self.process.poll() is not None, "the start of the server")
        assert self.process.poll() is None, self.log.read_text()

    def connections(self):
        """The number of logins until now."""
        return self.log.read_text().count("Accepted publickey")

    def stop(self):
        self.process.terminate()
        self.process.wait()


@contextlib.contextmanager
def secure_shell(folder):
    server = SecureShell(folder)
    try:
        yield server
    finally:
        server.stop()
