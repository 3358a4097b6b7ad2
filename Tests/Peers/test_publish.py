"""geoatlas check, publish and serve: whole commands on small atlases made by hand.

Their manifests are computed with the package xxhash, so that the program's digests are compared with
another implementation of XXH3.
"""

import errno
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest
import xxhash
from conftest import failure, geoatlas_run, validated
from waiting import PATIENCE, wait_until

FILES = {
    "index.html": '<!doctype html><link rel="stylesheet" href="style-1.css">'
    '<script src="app.js"></script><a href="rocks/gneiss.html#wall">Gneiss</a>',
    "rocks/gneiss.html": '<h1 id="wall">Gneiss</h1><img src="../pictures/g1.jpg" alt="">'
    '<img src="../pictures/g2.png" alt=""><a href="../index.html">Plates</a>',
    "style-1.css": "body { background: url(pictures/band.svg) }",
    "app.js": "var GEO = {}",
    "pictures/g1.jpg": "jpeg",
    "pictures/g2.png": "png",
    "pictures/band.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    "data.json": "{}",
}


def build(folder, files):
    """Makes `folder` an atlas of exactly `files`, with its manifest."""
    if folder.exists():
        shutil.rmtree(folder)
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    lines = sorted(
        (path.encode(), len(text.encode()), xxhash.xxh3_128_hexdigest(text.encode()))
        for path, text in files.items()
    )
    listed = "".join(f"{path.decode()}\t{size}\t{digest}\n" for path, size, digest in lines)
    edition = xxhash.xxh3_128_hexdigest(listed.encode())
    rows = ",\n".join(json.dumps([p.decode(), s, d], ensure_ascii=False) for p, s, d in lines)
    (folder / "manifest.json").write_text(
        f'{{"version": 1, "edition": "{edition}", "files": [\n{rows}\n]}}\n', encoding="utf-8"
    )
    return folder


@pytest.fixture
def atlas(tmp_path):
    return build(tmp_path / "public", FILES)


def contents(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*") if path.is_file()
    }


# check


def test_check_finds_nothing_in_a_sound_atlas(atlas):
    result = validated("check", geoatlas_run("check", atlas, "--json"))
    assert result == {"files": len(FILES) + 1, "problems": []}


def test_check_names_every_kind_of_problem_and_fails(atlas):
    (atlas / "pictures/g1.jpg").unlink()
    (atlas / "pictures/g2.png").write_text("PNG")
    (atlas / "notes.txt").write_text("mine")
    (atlas / "votes").mkdir()
    (atlas / "votes/1.jsonl").write_text("{}")
    result = validated("check", geoatlas_run("check", atlas, "--json", "--jobs", 1), status=1)
    assert result["files"] == len(FILES) + 1
    assert result["problems"] == [
        {
            "path": "notes.txt",
            "reason": "The manifest does not list the file: no page needs it. Remove it.",
        },
        {"path": "pictures/g1.jpg", "reason": "The file is missing."},
        {
            "path": "pictures/g2.png",
            "reason": "The content has changed since the file was built.",
        },
        {"path": "rocks/gneiss.html", "reason": '"../pictures/g1.jpg" leads to no file.'},
    ]


def test_check_speaks_in_words_without_json(atlas):
    (atlas / "pictures/g1.jpg").write_text("longer")
    result = geoatlas_run("check", atlas, "--quiet")
    assert result.returncode == 1
    assert result.stderr == ""
    assert result.stdout == (
        "pictures/g1.jpg: The file has 6 bytes, and had 4 when it was built.\n"
        f"{len(FILES) + 1} files, 1 problem\n"
    )


def test_check_of_a_folder_without_manifest_still_follows_links(tmp_path):
    (tmp_path / "index.html").write_text("<a href=none.html>x</a>")
    result = validated("check", geoatlas_run("check", tmp_path, "--json"), status=1)
    assert [problem["path"] for problem in result["problems"]] == ["index.html", "manifest.json"]


def test_check_of_no_folder_says_what_to_give(tmp_path):
    line = failure(geoatlas_run("check", tmp_path / "none", "--json"))
    assert line == (
        f'{tmp_path}/none is not a folder. Give the folder of an atlas, as "geoatlas build" makes it.'
    )


@pytest.mark.parametrize("command", ["check", "publish", "serve"])
def test_help_shows_an_example(command):
    result = geoatlas_run(command, "--help")
    assert result.returncode == 0
    assert f"geoatlas {command} public" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [("check",), ("publish", "public"), ("serve", "--port", "0"), ("serve", "--port", "99999"),
     ("check", "public", "--jobs", "0"), ("publish", "public", "share", "--no-such-option")],
)
def test_wrong_usage_is_64(arguments):
    assert geoatlas_run(*arguments).returncode == 64


# publish


def test_publish_counts_what_it_does_and_the_share_passes_the_check(atlas, tmp_path):
    share = tmp_path / "the share" / "atlas"
    size = sum(file.stat().st_size for file in atlas.rglob("*") if file.is_file())
    result = validated("publish", geoatlas_run("publish", atlas, share, "--json"))
    assert result == {
        "sent": len(FILES) + 1, "kept": 0, "removed": 0, "bytes": size, "waiting": 0}
    assert validated("check", geoatlas_run("check", share, "--json"))["problems"] == []

    (share / "votes").mkdir()
    (share / "votes/1.jsonl").write_text("{}\n")
    (share / "readme.txt").write_text("of the administrator")
    changed = dict(FILES)
    del changed["data.json"]
    changed["pictures/g1.jpg"] = "JPEG"
    build(atlas, changed)
    result = validated("publish", geoatlas_run("publish", atlas, share, "--json"))
    new = (atlas / "manifest.json").stat().st_size
    assert result == {
        "sent": 2, "kept": len(FILES) - 2, "removed": 0, "bytes": 4 + new, "waiting": 1}
    assert (share / "data.json").read_text() == "{}"
    assert validated("check", geoatlas_run("check", share, "--json"), status=1)["problems"] == [
        {"path": "readme.txt",
         "reason": "The manifest does not list the file: no page needs it. Remove it."}]
    result = validated("publish", geoatlas_run("publish", atlas, share, "--json"))
    assert result == {"sent": 0, "kept": len(FILES), "removed": 1, "bytes": 0, "waiting": 0}
    assert contents(share) == {
        **contents(atlas), "votes/1.jsonl": b"{}\n", "readme.txt": b"of the administrator",
    }


def test_publish_says_what_it_would_do(atlas, tmp_path):
    share = tmp_path / "share"
    changes = {"new": sorted([*FILES, "manifest.json"]), "replaced": [], "removed": [], "waiting": []}
    result = validated("publish", geoatlas_run("publish", atlas, share, "--dry-run", "--json"))
    assert (result["sent"], result["changes"]) == (len(FILES) + 1, changes)
    assert not share.exists()
    validated("publish", geoatlas_run("publish", atlas, share, "--json"))
    changed = {**FILES, "app.js": "var GEO = 1", "new.svg": "<svg/>"}
    del changed["data.json"]
    size = (build(atlas, changed) / "manifest.json").stat().st_size + 11 + 6
    before = contents(share)
    result = geoatlas_run("publish", atlas, share, "--dry-run", "--quiet")
    assert result.stdout == (
        "new      new.svg\nreplaced app.js\nreplaced manifest.json\nwaiting  data.json\n"
        f"Nothing was changed. Publishing would send 3 files ({size} bytes), keep 6, remove 0.\n"
        "1 file out of the atlas, kept for readers of older pages: the next publication removes it, "
        "--remove-now does it at once\n"
    )
    assert contents(share) == before
    result = geoatlas_run("publish", atlas, share, "--remove-now", "--quiet")
    assert re.fullmatch(r"3 files sent \(\d+ bytes\), 6 kept, 1 removed\n", result.stdout)
    assert contents(share) == contents(atlas)


def test_publish_speaks_in_words_without_json(atlas, tmp_path):
    result = geoatlas_run("publish", atlas, tmp_path / "share", "--quiet")
    assert (result.returncode, result.stderr) == (0, "")
    assert re.fullmatch(r"9 files sent \(\d+ bytes\), 0 kept, 0 removed\n", result.stdout)


def test_publish_refuses_what_is_no_finished_atlas(atlas, tmp_path):
    (atlas / "manifest.json").write_text("{")
    line = failure(geoatlas_run("publish", atlas, tmp_path / "share"))
    assert line.endswith(
        'manifest.json is damaged (it is not the list that a build writes). '
        'Run "geoatlas build" again.'
    )
    (atlas / "manifest.json").unlink()
    line = failure(geoatlas_run("publish", atlas, tmp_path / "share", "--json"))
    assert line.endswith('so the folder holds no finished atlas. Run "geoatlas build".')
    assert not (tmp_path / "share").exists()


def test_publish_refuses_an_atlas_that_was_changed(atlas, tmp_path):
    (atlas / "app.js").write_text("var GEO = []")
    line = failure(geoatlas_run("publish", atlas, tmp_path / "share"))
    assert "app.js: The content has changed since the file was built." in line


def test_publish_refuses_a_destination_inside_the_atlas(atlas):
    line = failure(geoatlas_run("publish", atlas, atlas / "share"))
    assert line.endswith("Publish to a folder apart from the atlas.")
    assert not (atlas / "share").exists()


def test_publish_without_rsync_says_how_to_get_it(atlas, tmp_path):
    without = {**os.environ, "PATH": "/nowhere"}
    line = failure(geoatlas_run("publish", atlas, "host:share", env=without))
    assert line == (
        "Publishing needs rsync, which was not found on the PATH. "
        'Install it, on Debian and Ubuntu with "apt-get install rsync".'
    )
    # A folder needs no other program.
    validated("publish", geoatlas_run("publish", atlas, tmp_path / "share", "--json", env=without))
    assert contents(tmp_path / "share") == contents(atlas)


@pytest.mark.parametrize("name", ["index.html", "manifest.json", "pictures"])
def test_publish_overwrites_no_file_of_another_site(atlas, tmp_path, name):
    share = tmp_path / "share"
    share.mkdir()
    (share / name).write_text('{"name": "Our institute"}')
    (share / "staff.html").write_text("mine")
    before = contents(share)
    line = failure(geoatlas_run("publish", atlas, share, "--quiet"))
    first = "pictures/band.svg" if name == "pictures" else name
    assert line == (
        f"{share} holds no atlas, but {first} is there already and would be overwritten. "
        "Publish to a new or empty folder, or move that file away.")
    assert contents(share) == before


def test_publish_beside_files_of_others_is_allowed(atlas, tmp_path):
    share = tmp_path / "share"
    (share / "pictures").mkdir(parents=True)
    (share / "pictures" / "mine.jpg").write_text("mine")
    validated("publish", geoatlas_run("publish", atlas, share, "--json"))
    assert (share / "pictures" / "mine.jpg").read_text() == "mine"
    assert (share / "index.html").read_text() == FILES["index.html"]


def test_publish_to_a_locked_share_says_who_holds_it(atlas, tmp_path):
    lock = tmp_path / "share" / ".geoatlas-publish.lock"
    lock.parent.mkdir()
    lock.write_text(f"{socket.gethostname()} {os.getpid()}\n")
    line = failure(geoatlas_run("publish", atlas, tmp_path / "share"))
    assert line == (
        f"Process {os.getpid()} on {socket.gethostname()} is publishing there. "
        "Wait until it has finished, then publish again."
    )


def unprivileged(folder):
    """Options for running a command as a user who is not root, so that permissions apply."""
    if os.getuid() != 0:
        return {}
    return {"user": 65534, "group": 65534, "extra_groups": [], "cwd": folder}


def test_publish_where_one_may_not_write_says_so():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        atlas = build(folder / "public", FILES)
        program = folder / "geoatlas"
        shutil.copy(geoatlas_program(), program)
        share = folder / "share"
        share.mkdir()
        share.chmod(0o555)
        options = {"capture_output": True, "text": True, "timeout": 60, **unprivileged(folder)}
        try:
            line = failure(subprocess.run([program, "publish", atlas, share], **options))
            assert line == (
                f"{share} cannot be written to (Permission denied). "
                "Give a folder you may write to, with room in it."
            )
            inside = failure(subprocess.run([program, "publish", atlas, share / "new"], **options))
            assert inside.startswith(f"{share}/new cannot be written to (Permission denied).")
            # A folder below may be closed although the share itself is open.
            share.chmod(0o777)
            (share / "pictures").mkdir(mode=0o555)
            os.chown(share / "pictures", 0 if os.getuid() == 0 else -1, -1)
            below = failure(subprocess.run([program, "publish", atlas, share], **options))
            assert "ermission" in below or "not permitted" in below
            assert below.endswith("Ask for the right to write there, or publish elsewhere.")
        finally:
            share.chmod(0o755)


def geoatlas_program():
    root = Path(__file__).resolve().parents[2]
    return os.environ.get("GEOATLAS", root / ".build" / "release" / "geoatlas")


def test_publish_to_a_full_disk_says_so_and_finishes_when_there_is_room(tmp_path):
    share = tmp_path / "share"
    share.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", share], capture_output=True, text=True
    )
    if mounted.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    try:
        small = build(tmp_path / "public", FILES)
        validated("publish", geoatlas_run("publish", small, share, "--json"))
        old = contents(share)
        large = {**FILES, "pictures/large.jpg": "x" * 1_000_000, "index.html": "<p>New</p>"}
        build(tmp_path / "public", large)
        line = failure(geoatlas_run("publish", tmp_path / "public", share))
        assert "No space left on device" in line
        assert line.endswith(
            "Make room at the destination and publish again; it continues where it stopped."
        )
        assert {path: contents(share)[path] for path in old} == old
        subprocess.run(["mount", "-o", "remount,size=8m", share], check=True)
        validated("publish", geoatlas_run("publish", tmp_path / "public", share, "--json"))
        assert contents(share) == contents(tmp_path / "public")
    finally:
        subprocess.run(["umount", share], check=True)


@pytest.fixture
def held_open(atlas, tmp_path):
    """A share on which `pictures/g1.jpg` cannot be replaced, because something is mounted there."""
    share = tmp_path / "share"
    validated("publish", geoatlas_run("publish", atlas, share, "--json"))
    build(atlas, {**FILES, "pictures/g1.jpg": "JPEG", "index.html": "<p>New</p>"})
    file = share / "pictures/g1.jpg"
    (tmp_path / "other").write_text("held")
    mounted = subprocess.run(
        ["mount", "--bind", tmp_path / "other", file], capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"nothing can be mounted here: {mounted.stderr.strip()}")
    yield file
    subprocess.run(["umount", file], capture_output=True)


def partial_files(share):
    return [path for path in share.rglob(".*") if ".g1.jpg." in path.name]


def test_publish_waits_for_a_file_that_is_held_open(atlas, held_open):
    share = held_open.parents[1]
    process = subprocess.Popen(
        [geoatlas_program(), "publish", atlas, share, "--quiet"], stderr=subprocess.PIPE, text=True)
    wait_until(lambda: partial_files(share), "writing the new picture")
    subprocess.run(["umount", held_open], check=True)
    assert process.communicate(timeout=PATIENCE)[1] == ""
    assert process.returncode == 0
    assert contents(share) == contents(atlas)


def test_publish_names_a_file_that_stays_open(atlas, held_open):
    share = held_open.parents[1]
    line = failure(geoatlas_run("publish", atlas, share, "--quiet"))
    assert line == (
        f"{held_open} could not be replaced (Device or resource busy): somebody has it open. "
        "Close it there, then publish again; it continues where it stopped."
    )
    assert (share / "index.html").read_text() == FILES["index.html"]
    assert partial_files(share) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_publish_interrupted_frees_the_lock(atlas, held_open, number):
    share = held_open.parents[1]
    process = subprocess.Popen(
        [geoatlas_program(), "publish", atlas, share, "--quiet"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: partial_files(share), "writing the new picture")
    process.send_signal(number)
    output, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, output) == (1, "")
    assert errors.splitlines()[-1] == (
        f"geoatlas: Publishing to {share} was interrupted. Run it again: it continues where it stopped."
    )
    assert partial_files(share) == []
    assert not (share / ".geoatlas-publish.lock").exists()
    subprocess.run(["umount", held_open], check=True)
    validated("publish", geoatlas_run("publish", atlas, share, "--json"))
    assert contents(share) == contents(atlas)


def test_publish_beyond_the_limit_of_the_shell_says_so(tmp_path):
    atlas = build(tmp_path / "public", {**FILES, "pictures/g1.jpg": "x" * 100_000})
    limited = ["bash", "-c", 'ulimit -f 64; exec "$@"', "limited"]
    line = failure(geoatlas_run("publish", atlas, tmp_path / "share", prefix=limited))
    assert line == (
        f"{tmp_path}/share/pictures/g1.jpg could not be written (File too large). "
        'Allow larger files there, or in this shell with "ulimit -f", and publish again.'
    )
    validated("publish", geoatlas_run("publish", atlas, tmp_path / "share", "--json"))
    assert contents(tmp_path / "share") == contents(atlas)


def test_publish_of_a_file_that_cannot_be_read_names_it():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        atlas = build(folder / "public", FILES)
        shutil.copy(geoatlas_program(), folder / "geoatlas")
        (atlas / "app.js").chmod(0)
        line = failure(subprocess.run(
            [folder / "geoatlas", "publish", atlas, folder / "share"], capture_output=True, text=True,
            timeout=60, **unprivileged(folder)))
        assert line == (
            f"{atlas} is not as it was built: app.js: The file cannot be read (Permission denied). "
            'Run "geoatlas build" again; "geoatlas check" lists everything.'
        )


# A web server

TYPES = {
    "index.html": "text/html", "rocks/gneiss.html": "text/html", "style-1.css": "text/css",
    "app.js": "javascript", "pictures/g1.jpg": "image/jpeg", "pictures/g2.png": "image/png",
    "pictures/band.svg": "image/svg+xml", "data.json": "application/json",
}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port, path, method="GET", body=None, headers=None):
    """Status, headers and body of one request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_nginx_serves_a_published_atlas(atlas, tmp_path):
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    # Where the server's user may go, unlike the tests' own folders.
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        base.chmod(0o755)
        # The umask must not make the files unreadable for the server.
        umask = os.umask(0o077)
        try:
            validated("publish", geoatlas_run("publish", atlas, base / "share", "--json"))
        finally:
            os.umask(umask)
        port = free_port()
        temporary = " ".join(
            f"{kind}_temp_path {tmp_path}/{kind};"
            for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        )
        (tmp_path / "nginx.conf").write_text(
            f"""
            daemon off; pid {tmp_path}/nginx.pid; error_log {tmp_path}/error.log;
            events {{}}
            http {{ include /etc/nginx/mime.types; access_log off; {temporary}
              server {{ listen 127.0.0.1:{port}; root {base}/share; }} }}
            """
        )
        server = subprocess.Popen(
            [program, "-c", tmp_path / "nginx.conf"], stderr=subprocess.DEVNULL
        )
        try:
            wait_until(lambda: listens(port), f"an answer at port {port}")
            for path, kind in TYPES.items():
                status, headers, body = get(port, "/" + path)
                assert (status, body) == (200, FILES[path].encode()), path
                assert kind in headers["Content-Type"], path
        finally:
            server.terminate()
            server.wait()


# serve


@pytest.fixture
def preview(atlas, tmp_path):
    """Port of a running preview of `atlas`."""
    port = free_port()
    process = subprocess.Popen(
        [geoatlas_program(), "serve", atlas, "--port", str(port)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )
    # The address is said once it can be opened, so nothing has to be waited for after it.
    line = process.stderr.readline()
    assert line == f"Preview of {atlas} at http://127.0.0.1:{port}/  (Ctrl-C ends it)\n"
    yield port
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=PATIENCE)
    assert (output, errors) == ("", "")


def test_serve_gives_files_with_their_types(preview):
    for path, kind in TYPES.items():
        status, headers, body = get(preview, "/" + path)
        assert (status, body) == (200, FILES[path].encode()), path
        assert kind in headers["Content-Type"], path
        assert headers["Cache-Control"] == "no-cache"
        status, headers, body = get(preview, "/" + path, method="HEAD")
        assert (status, body) == (200, b""), path
        assert int(headers["Content-Length"]) == len(FILES[path].encode())


def test_serve_gives_large_and_empty_files_whole(atlas, preview):
    large = os.urandom(3_000_001)
    (atlas / "large.bin").write_bytes(large)
    (atlas / "a b.txt").write_bytes(b"")
    assert get(preview, "/large.bin")[2] == large
    status, headers, body = get(preview, "/a%20b.txt?edition=2")
    assert (status, headers["Content-Length"], body) == (200, "0", b"")


def test_serve_opens_the_index_of_folders(atlas, preview):
    assert get(preview, "/")[2] == FILES["index.html"].encode()
    (atlas / "a b").mkdir()
    (atlas / "a b/index.html").write_text("inside")
    status, headers, _ = get(preview, "/a%20b")
    assert (status, headers["Location"]) == (301, "/a%20b/")
    assert get(preview, "/a%20b/")[2] == b"inside"
    assert get(preview, "/rocks/")[0] == 404


def test_serve_says_in_words_what_is_not_there(preview):
    status, headers, body = get(preview, "/none.html")
    assert status == 404
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"There is no such page in this atlas" in body


def raw(port, request):
    """The answer of the server to these bytes, until it closes the connection or sends nothing more."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        answer = b""
        try:
            while part := connection.recv(65536):
                answer += part
                # A second answer, which no test expects, would follow the first at once.
                connection.settimeout(3)
        except TimeoutError:
            pass
        return answer


def own(port, line, more=""):
    return f"{line} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{more}\r\n".encode()


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/rocks/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt",
     "/rocks/%2E%2E/%2e%2e/secret.txt", "//secret.txt", "../secret.txt", "/./../secret.txt",
     "/%2e%2e%2fsecret.txt", "/..\\secret.txt", "/door/secret.txt", "/door.txt", "/inside.txt%00.html",
     "/.hidden.txt", "/rocks/.hidden.txt", "http://127.0.0.1/../secret.txt", "*", "/%zz", "/%ff"],
)
def test_serve_lets_nobody_out_of_the_folder(atlas, preview, path):
    (atlas.parent / "secret.txt").write_text("SECRET")
    (atlas / ".hidden.txt").write_text("SECRET")
    (atlas / "rocks/.hidden.txt").write_text("SECRET")
    (atlas / "door").symlink_to(atlas.parent)
    (atlas / "door.txt").symlink_to(atlas.parent / "secret.txt")
    answer = raw(preview, own(preview, f"GET {path}"))
    assert b"SECRET" not in answer
    assert answer.startswith(b"HTTP/1.1 404 "), answer[:200]


def test_serve_follows_links_that_stay_inside(atlas, preview):
    (atlas / "same.html").symlink_to("index.html")
    assert get(preview, "/same.html")[2] == FILES["index.html"].encode()


VOTE = '{"answer":"A","comparison":"00000000000000aa","name":"Ödön"}'


def test_serve_keeps_votes(atlas, preview):
    status, headers, body = get(preview, "/votes", method="POST", body=f"{VOTE}\n{VOTE}".encode())
    assert status == 201
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    [file] = (atlas / "votes").iterdir()
    assert re.fullmatch(r"[0-9a-f]{16}\.jsonl", file.name)
    assert body.decode() == f"Your votes are kept in votes/{file.name}.\n"
    assert file.read_text(encoding="utf-8") == f"{VOTE}\n{VOTE}\n"
    # A second file is another, and votes are no files of the edition.
    address = {"Origin": f"http://localhost:{preview}", "Host": f"localhost:{preview}"}
    assert get(preview, "/votes", method="POST", body=VOTE.encode(), headers=address)[0] == 201
    assert len(list((atlas / "votes").iterdir())) == 2
    assert validated("check", geoatlas_run("check", atlas, "--json"))["problems"] == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "There is no vote in it. Vote first, then save."),
        (b"\n \r\n", "There is no vote in it. Vote first, then save."),
        (b"{", "Line 1 is not a vote: each line has to be one JSON object."),
        (b'{"a":1}\n[]\n', "Line 2 is not a vote: each line has to be one JSON object."),
        (b'{"a":1}\n{"a":1} {"b":2}\n', "Line 2 is not a vote: each line has to be one JSON object."),
        (b'{"a":\n1}', "Line 1 is not a vote: each line has to be one JSON object."),
        (b'{"a":"\xff"}', "Line 1 is not UTF-8. Save the votes again."),
        (b"[" * 100_000, "Line 1 is not a vote: each line has to be one JSON object."),
    ],
)
def test_serve_refuses_what_is_no_file_of_votes(atlas, preview, body, reason):
    status, _, answer = get(preview, "/votes", method="POST", body=body)
    assert (status, answer.decode()) == (400, reason + "\n")
    assert not (atlas / "votes").exists()


def test_serve_takes_one_mebibyte_of_votes_and_no_more(atlas, preview):
    line = VOTE.encode() + b"\n"
    fitting = line * ((1 << 20) // len(line))
    fitting += b"\n" * ((1 << 20) - len(fitting))
    assert get(preview, "/votes", method="POST", body=fitting)[0] == 201
    for size in [1, 2 << 20, 20 << 20]:
        status, _, answer = get(preview, "/votes", method="POST", body=fitting + b"\n" * size)
        assert (status, answer) == (413, b"A file of votes may have 1048576 bytes at most.\n")
    # In pieces, without saying beforehand how much it will be.
    status, _, _ = get(preview, "/votes", method="POST", body=iter([fitting, b"\n"]))
    assert status == 413
    assert get(preview, "/votes", method="POST", body=iter([line, line]))[0] == 201
    assert len(list((atlas / "votes").iterdir())) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://example.org"}, {"Origin": "null"}, {"Host": "example.org"},
        {"Origin": "http://127.0.0.1:1"}, {"Host": "127.0.0.1:1"}, {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1.example.org"}, {"Origin": "https://127.0.0.1:{port}"},
        {"Origin": "http://127.0.0.1:{port}.example.org"}, {"Host": ""},
    ],
)
def test_serve_refuses_requests_of_other_sites(atlas, preview, headers):
    headers = {name: value.format(port=preview) for name, value in headers.items()}
    status, _, body = get(preview, "/votes", method="POST", body=VOTE.encode(), headers=headers)
    assert status == 403
    assert body.decode() == (
        f"This preview answers only pages of its own, at http://127.0.0.1:{preview}/.\n"
    )
    assert not (atlas / "votes").exists()
    assert get(preview, "/", headers=headers)[0] == 403


@pytest.mark.parametrize("size", [100, 3 << 20])
def test_serve_takes_no_request_out_of_the_body_of_another(atlas, preview, size):
    inner = own(preview, "POST /votes", f"Content-Length: {len(VOTE.encode())}\r\n") + VOTE.encode()
    body = b"\r\n" * (size // 2) + inner
    outer = (
        f"POST /votes HTTP/1.1\r\nHost: 127.0.0.1:{preview}\r\nOrigin: http://example.org\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()
    answer = raw(preview, outer + body)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert not (atlas / "votes").exists()


def test_serve_lets_nothing_be_changed(preview):
    for method in ["PUT", "DELETE", "POST"]:
        status, headers, _ = get(preview, "/index.html", method=method, body=b"x")
        assert (status, headers["Allow"]) == (405, "GET, HEAD")
    assert get(preview, "/index.html")[2] == FILES["index.html"].encode()


def test_serve_says_when_votes_cannot_be_kept(atlas, preview):
    (atlas / "votes").symlink_to(atlas.parent)
    status, _, body = get(preview, "/votes", method="POST", body=VOTE.encode())
    assert status == 500
    assert body.decode().startswith("The votes could not be kept. ")
    assert not list(atlas.parent.glob("*.jsonl"))


def test_serve_listens_on_one_address_only(preview):
    # 127.0.0.2 is this machine too, and would answer if all addresses were listened on.
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.2", preview)) == errno.ECONNREFUSED


def test_serve_on_a_busy_port_names_it(atlas, preview):
    line = failure(geoatlas_run("serve", atlas, "--port", preview))
    assert line == (
        f"Port {preview} is in use by another program. Choose another with --port."
    )


def test_serve_of_no_folder_says_what_to_give(tmp_path):
    line = failure(geoatlas_run("serve", tmp_path / "none"))
    assert line.startswith(f"{tmp_path}/none is not a folder.")


def test_serve_of_a_folder_that_is_no_atlas_says_what_is_missing(sample):
    line = failure(geoatlas_run("serve", sample, "--port", free_port(), prefix=["timeout", str(PATIENCE)]))
    assert line == (
        f"{sample}/manifest.json does not exist, so the folder holds no finished atlas. "
        'Run "geoatlas build".')
