"""geoatlas check and publish: whole commands on small atlases made by hand."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest
from conftest import failure, geoatlas_run, validated
from ports import free_port, listens
from small_atlas import FILES, TYPES, build, contents, geoatlas_program, get
from waiting import PATIENCE, wait_until


@pytest.fixture
def atlas(tmp_path):
    return build(tmp_path / "public", FILES)


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
            timeout=PATIENCE, **unprivileged(folder)))
        assert line == (
            f"{atlas} is not as it was built: app.js: The file cannot be read (Permission denied). "
            'Run "geoatlas build" again; "geoatlas check" lists everything.'
        )


# A web server


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
