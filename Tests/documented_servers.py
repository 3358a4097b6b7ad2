"""The servers of `docs/web-servers.md`, on loopback.

Each configuration is taken from the document as it is. Only the port and the paths of the machine are
replaced, and what Debian's own main file adds is put around it.
"""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from ports import listens
from waiting import wait_until

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "web-servers.md"
USER = "geologist"
PASSWORD = "feldspar"


def block(language, containing=""):
    """The first block of code in the document in `language` that contains a text."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", DOCUMENT.read_text(), re.M | re.S)
    return next(text for name, text in blocks if name == language and containing in text)


def replaced(text, changes):
    for old, new in changes.items():
        assert old in text, f"{DOCUMENT} does not contain {old!r} any more"
        text = text.replace(old, str(new))
    return text


def nginx(base, site, port):
    temporary = " ".join(
        f"{kind}_temp_path {base}/run/{kind};"
        for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    )
    user = "user www-data;" if os.getuid() == 0 else ""
    (base / "nginx.conf").write_text(
        f"""{user} daemon off; pid {base}/run/nginx.pid; error_log {base}/run/error.log;
        events {{}}
        http {{ include /etc/nginx/mime.types; default_type application/octet-stream;
          access_log off; {temporary}
          {site} }}
        """
    )
    return [shutil.which("nginx") or "/usr/sbin/nginx", "-c", base / "nginx.conf"]


def apache(base, site, port):
    # Those that Debian enables itself, and those that the document enables.
    modules = ["mpm_event", "authn_core", "authz_core"]
    modules += re.search(r"^a2enmod (.*)$", block("", "a2enmod"), re.M)[1].split()
    folder = "/usr/lib/apache2/modules"
    lines = "\n".join(f"LoadModule {name}_module {folder}/mod_{name}.so" for name in modules)
    user = "User www-data\nGroup www-data" if os.getuid() == 0 else ""
    (base / "apache.conf").write_text(
        f"""ServerRoot {base}
        {lines}
        {user}
        Listen 127.0.0.1:{port}
        PidFile {base}/run/apache.pid
        ErrorLog {base}/run/error.log
        TypesConfig /etc/mime.types
        {site}
        """
    )
    program = shutil.which("apache2") or "/usr/sbin/apache2"
    return [program, "-D", "FOREGROUND", "-f", base / "apache.conf"]


SERVERS = {
    "nginx": (
        nginx, "nginx", {"listen 80;": "listen 127.0.0.1:{port};"},
    ),
    "apache": (
        apache, "apache",
        {"<VirtualHost *:80>": "<VirtualHost 127.0.0.1:{port}>", "/var/lock/apache2": "{base}/run"},
    ),
}


@contextlib.contextmanager
def running(name, port, publish):
    """A server of the document, with its password and the folder of votes: gives the folder of the atlas.

    `publish` brings an atlas to a folder.
    """
    start, language, changes = SERVERS[name]
    # Where the user of the server may go, unlike the tests' own folders.
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        base.chmod(0o755)
        (base / "run").mkdir()
        (base / "run").chmod(0o777)
        atlas = base / "rock-atlas"
        publish(atlas)
        (atlas / "votes").mkdir()
        (atlas / "votes").chmod(0o777)
        digest = subprocess.run(
            ["openssl", "passwd", "-apr1", PASSWORD], capture_output=True, text=True, check=True)
        (base / "rock-atlas.htpasswd").write_text(f"{USER}:{digest.stdout}")
        commands = replaced(block("sh", "gzip -9"), {"/srv": base})
        subprocess.run(["sh", "-eu"], input=commands, text=True, check=True)
        changes = {old: new.format(port=port, base=base) for old, new in changes.items()}
        site = replaced(block(language), {"/srv": base, **changes})
        errors = base / "run" / "output"
        with errors.open("w") as output:
            process = subprocess.Popen(start(base, site, port), stdout=output, stderr=output)
        try:
            wait_until(
                lambda: listens(port) or process.poll() is not None, "the start of the server")
            assert process.poll() is None, errors.read_text()
            yield atlas
        finally:
            process.terminate()
            process.wait()
