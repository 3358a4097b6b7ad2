"""geoatlas serve: the whole command on small atlases made by hand."""

import contextlib
import errno
import gzip
import http.client
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import threading
from pathlib import Path

import pytest
from conftest import ROOT, failure, geoatlas_run, validated
from PIL import Image, ImageOps
from ports import free_port, listens
from small_atlas import FILES, TYPES, build, contents, geoatlas_program, get
from waiting import PATIENCE, wait_until


@pytest.fixture
def atlas(tmp_path):
    return build(tmp_path / "public", FILES)


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
        assert headers["Date"].endswith(" GMT")
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


def test_serve_sends_a_file_only_once(atlas, preview):
    (atlas / "large.html").write_text("<p>Gneiss</p>\n" * 1000)
    for encoding in ["identity", "gzip"]:
        accepts = {"Accept-Encoding": encoding}
        _, headers, body = get(preview, "/large.html", headers=accepts)
        text = gzip.decompress(body) if headers["Content-Encoding"] == "gzip" else body
        assert text == (atlas / "large.html").read_bytes()
        assert int(headers["Content-Length"]) == len(body)
        _, head, nothing = get(preview, "/large.html", method="HEAD", headers=accepts)
        assert nothing == b""
        for name in ["Content-Length", "Content-Encoding", "ETag", "Vary", "Content-Type"]:
            assert head[name] == headers[name], name
        for known in [{"If-None-Match": headers["ETag"]},
                      {"If-Modified-Since": headers["Last-Modified"]}]:
            status, again, body = get(preview, "/large.html", headers={**accepts, **known})
            assert (status, body, again["ETag"]) == (304, b"", headers["ETag"])
    (atlas / "large.html").write_text("<p>Schist</p>\n" * 1000)
    status, _, body = get(preview, "/large.html", headers={"If-None-Match": headers["ETag"]})
    assert (status, body[:9]) == (200, b"<p>Schist")


def test_serve_sends_parts_that_curl_puts_together(atlas, preview, tmp_path):
    whole = os.urandom(1_000_000)
    (atlas / "model.h5").write_bytes(whole)
    part = tmp_path / "model.h5"
    part.write_bytes(whole[:300_000])
    command = ["curl", "--silent", "--fail", "--continue-at", "-", "--output", part]
    subprocess.run([*command, f"http://127.0.0.1:{preview}/model.h5"], check=True)
    assert part.read_bytes() == whole
    status, headers, body = get(preview, "/model.h5", headers={"Range": "bytes=-3"})
    assert (status, body) == (206, whole[-3:])
    assert headers["Content-Range"] == "bytes 999997-999999/1000000"
    status, headers, _ = get(preview, "/model.h5", headers={"Range": "bytes=1000000-"})
    assert (status, headers["Content-Range"]) == (416, "bytes */1000000")


def test_serve_lets_browsers_keep_files_with_a_digest_in_their_names(atlas, preview):
    (atlas / "assets").mkdir()
    (atlas / "assets/frame.0123456789.css").write_text("")
    assert "immutable" in get(preview, "/assets/frame.0123456789.css")[1]["Cache-Control"]


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
    # 400 for a target that HTTP does not know, 403 for one of another host.
    status = {"../secret.txt": 400, "*": 404, "http://127.0.0.1/../secret.txt": 403}.get(path, 404)
    assert answer.startswith(f"HTTP/1.1 {status} ".encode()), answer[:200]


def test_serve_follows_links_that_stay_inside(atlas, preview):
    (atlas / "same.html").symlink_to("index.html")
    assert get(preview, "/same.html")[2] == FILES["index.html"].encode()


VOTE = '{"answer":"A","comparison":"00000000000000aa","name":"Ödön"}'


NAME = "/votes/vote-0f3a.jsonl"


def test_serve_keeps_votes(atlas, preview):
    text = f"{VOTE}\n{VOTE}\n".encode()
    status, headers, body = get(preview, NAME, method="PUT", body=text)
    assert status == 201
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert body.decode() == f"Your votes are kept in {NAME[1:]}.\n"
    assert (atlas / NAME[1:]).read_bytes() == text
    # A browser that got no answer sends them again.
    assert get(preview, NAME, method="PUT", body=text)[0] == 204
    # Another content does not replace them.
    status, _, body = get(preview, NAME, method="PUT", body=VOTE.encode())
    assert (status, body.decode()) == (409, f"Another file is called {NAME[1:]}.\n")
    assert (atlas / NAME[1:]).read_bytes() == text
    # A second file is another, and votes are no files of the edition.
    address = {"Origin": f"http://localhost:{preview}", "Host": f"localhost:{preview}"}
    assert get(preview, "/votes/b_2.jsonl", method="PUT", body=VOTE.encode(), headers=address)[0] == 201
    assert sorted(path.name for path in (atlas / "votes").iterdir()) == ["b_2.jsonl", "vote-0f3a.jsonl"]
    assert validated("check", geoatlas_run("check", atlas, "--json"))["problems"] == []


@pytest.mark.parametrize("name", [
    "a.html", ".jsonl", ".a.jsonl", "a%2f..%2fb.jsonl", "a/b.jsonl", "ä.jsonl", "a b.jsonl", "a.b.jsonl",
    "a" * 101 + ".jsonl", "", "a.jsonl/"])
def test_serve_keeps_no_votes_under_other_names(atlas, preview, name):
    path = "/votes/" + name.replace("ä", "%C3%A4").replace(" ", "%20")
    assert get(preview, path, method="PUT", body=VOTE.encode())[0] == 405
    assert not (atlas / "votes").exists()


def test_serve_shows_no_votes(atlas, preview):
    get(preview, NAME, method="PUT", body=VOTE.encode())
    for method in ["GET", "HEAD", "POST", "DELETE"]:
        status, headers, body = get(preview, NAME, method=method)
        assert (status, headers["Allow"]) == (405, "PUT") and b"answer" not in body


def test_serve_keeps_votes_where_there_are_no_hard_links(atlas, tmp_path):
    """A share that is mounted by CIFS, or a FAT drive."""
    shim = tmp_path / "shim.so"
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", shim], check=True, text=True,
        input="""#include <errno.h>
            int linkat(int a, const char *b, int c, const char *d, int e) { errno = EPERM; return -1; }""")
    port = free_port()
    process = subprocess.Popen(
        [geoatlas_program(), "serve", atlas, "--port", str(port)], stderr=subprocess.DEVNULL,
        env={**os.environ, "LD_PRELOAD": str(shim)})
    try:
        wait_until(lambda: listens(port), "the start of the server")
        assert get(port, NAME, method="PUT", body=VOTE.encode())[0] == 201
        assert get(port, NAME, method="PUT", body=VOTE.encode())[0] == 204
        assert get(port, NAME, method="PUT", body=b"{}")[0] == 409
    finally:
        process.terminate()
        process.wait()
    assert [path.name for path in (atlas / "votes").iterdir()] == [Path(NAME).name]


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
    status, _, answer = get(preview, NAME, method="PUT", body=body)
    assert (status, answer.decode()) == (400, reason + "\n")
    assert not (atlas / "votes").exists()


def test_serve_takes_one_mebibyte_of_votes_and_no_more(atlas, preview):
    line = VOTE.encode() + b"\n"
    fitting = line * ((1 << 20) // len(line))
    fitting += b"\n" * ((1 << 20) - len(fitting))
    assert get(preview, NAME, method="PUT", body=fitting)[0] == 201
    for size in [1, 2 << 20, 20 << 20]:
        status, _, answer = get(preview, NAME, method="PUT", body=fitting + b"\n" * size)
        assert (status, answer) == (413, b"A file of votes may have 1048576 bytes at most.\n")
    # In pieces, without saying beforehand how much it will be.
    status, _, _ = get(preview, NAME, method="PUT", body=iter([fitting, b"\n"]))
    assert status == 413
    assert get(preview, "/votes/a.jsonl", method="PUT", body=iter([line, line]))[0] == 201
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
    status, _, body = get(preview, NAME, method="PUT", body=VOTE.encode(), headers=headers)
    assert status == 403
    assert body.decode() == (
        f"This preview answers only pages of its own, at http://127.0.0.1:{preview}/.\n"
    )
    assert not (atlas / "votes").exists()
    assert get(preview, "/", headers=headers)[0] == 403


@pytest.mark.parametrize("size", [100, 3 << 20])
def test_serve_takes_no_request_out_of_the_body_of_another(atlas, preview, size):
    inner = own(preview, f"PUT {NAME}", f"Content-Length: {len(VOTE.encode())}\r\n") + VOTE.encode()
    body = b"\r\n" * (size // 2) + inner
    outer = (
        f"PUT /votes/a.jsonl HTTP/1.1\r\nHost: 127.0.0.1:{preview}\r\nOrigin: http://example.org\r\n"
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
    status, _, body = get(preview, NAME, method="PUT", body=VOTE.encode())
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


# Hostile and broken clients


def answers_in_time(port):
    """Another client is answered although something is going on that does not end by itself."""
    status, _, body = get(port, "/")
    assert (status, body) == (200, FILES["index.html"].encode())


@contextlib.contextmanager
def sending(port, parts):
    """Sends `parts` from a thread until they end or the server closes the connection."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    refused = threading.Event()

    def send():
        try:
            for part in parts:
                connection.sendall(part)
        except OSError:
            refused.set()

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield connection, refused
    finally:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()
        thread.join()


def head(port, more):
    return f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n".encode() + more


LONG = 8 << 20


@pytest.mark.parametrize(
    "more",
    [
        b"X: " + b"a" * LONG, b"a" * LONG, b"X: " + b"a, " * (LONG // 3), b"X:" + b" " * LONG,
        b"".join(b"X%d: a\r\n" % number for number in range(1_000_000)), b"X: a\r\n" * (LONG // 6),
        b"Cookie: a\r\n" + b"\r\n" * LONG,
    ],
    ids=["line", "name", "list", "spaces", "million lines", "same lines", "empty lines"],
)
def test_serve_refuses_a_long_head_and_answers_others(preview, more):
    with sending(preview, [head(preview, more)]) as (connection, refused):
        answers_in_time(preview)
        # Blanks before a value are no part of the head, so the server waits for the rest of it.
        first = b""
        connection.settimeout(5)
        with contextlib.suppress(ConnectionResetError, TimeoutError):
            first = connection.recv(65536)
        assert first == b"" or re.match(rb"HTTP/1.1 (200|400|431) ", first), first
    answers_in_time(preview)


@pytest.mark.parametrize("size", [31_000, 33_000])
def test_serve_accepts_a_head_of_32_kib(preview, size):
    answer = raw(preview, head(preview, b"Connection: close\r\nX: " + b"a" * size + b"\r\n\r\n"))
    assert answer.startswith(b"HTTP/1.1 200 " if size < 32 << 10 else b"HTTP/1.1 431 ")


def test_serve_refuses_a_long_target(preview):
    answer = raw(preview, b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 431 ")
    answers_in_time(preview)


def test_serve_answers_others_while_slow_clients_wait(preview):
    """More connections than the server keeps, each with an unfinished request."""
    with contextlib.ExitStack() as stack:
        for number in range(600):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", preview)))
            with contextlib.suppress(ConnectionResetError, BrokenPipeError):
                slow.sendall(head(preview, b"X: ")[: 1 + number % 40])
        answers_in_time(preview)
    answers_in_time(preview)


def test_serve_answers_others_while_a_body_does_not_end(preview):
    def endless():
        yield own(preview, f"PUT {NAME}", "Transfer-Encoding: chunked\r\n")
        while True:
            yield b"10000\r\n" + b"\n" * 65536 + b"\r\n"

    with sending(preview, endless()) as (_, refused):
        answers_in_time(preview)
        assert refused.wait(PATIENCE), "a body without an end is read without an end"
    answers_in_time(preview)


def test_serve_answers_others_while_clients_do_not_read(atlas, preview):
    """More connections than the server keeps, each with an answer that is not read."""
    os.truncate(atlas / "data.json", 50_000_000)
    with contextlib.ExitStack() as stack:
        for _ in range(450):
            lazy = stack.enter_context(socket.socket())
            lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            lazy.connect(("127.0.0.1", preview))
            with contextlib.suppress(ConnectionResetError, BrokenPipeError):
                lazy.sendall(
                    b"GET /data.json HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % preview)
        answers_in_time(preview)
    answers_in_time(preview)


def test_serve_answers_requests_that_were_sent_together(preview):
    paths = [*TYPES, "none.html"] * 20
    requests = b"".join(
        f"GET /{path} HTTP/1.1\r\nHost: 127.0.0.1:{preview}\r\n\r\n".encode() for path in paths)
    with socket.create_connection(("127.0.0.1", preview), timeout=PATIENCE) as connection:
        connection.sendall(requests)
        file = connection.makefile("rb")
        for path in paths:
            assert file.readline() == (
                b"HTTP/1.1 200 OK\r\n" if path in FILES else b"HTTP/1.1 404 Not Found\r\n"), path
            length = int(http.client.parse_headers(file)["Content-Length"])
            body = file.read(length)
            assert path not in FILES or body == FILES[path].encode()


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.0\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: example.org\r\n\r\n", 400),
        ("GET / HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n", 200),
        ("GET http://127.0.0.1:{port}/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", 200),
        ("GET http://example.org/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", 403),
        ("GET /a\0b HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX: a\0b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost : 127.0.0.1:{port}\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX\r\n\r\n", 400),
        ("PUT /votes/a.jsonl HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: -1\r\n\r\n", 400),
        ("PUT /votes/a.jsonl HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 1\r\n"
         "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("GEOATLAS / HTTP/1.1\r\n\r\n", 400), ("\x16\x03\x01\x02\0\x01", 400), ("hello\r\n\r\n", 400),
        ("GET / HTTP/9.9\r\nHost: 127.0.0.1:{port}\r\n\r\n", 400),
    ],
)
def test_serve_answers_odd_requests_with_a_status(preview, request_line, status):
    answer = raw(preview, request_line.format(port=preview).encode("latin-1"))
    assert re.match(rf"HTTP/1.[01] {status} ".encode(), answer), answer[:100]
    answers_in_time(preview)


def test_serve_survives_random_bytes(preview):
    chance = random.Random(0)
    valid = own(preview, f"PUT {NAME}", "Content-Length: 5\r\n") + b"hello"
    for _ in range(300):
        request = bytearray(valid)
        for _ in range(chance.randint(1, 8)):
            request[chance.randrange(len(request))] = chance.randrange(256)
        with socket.create_connection(("127.0.0.1", preview), timeout=PATIENCE) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionResetError):
                connection.recv(100)
    answers_in_time(preview)


def test_serve_ends_a_connection_when_a_file_becomes_shorter(atlas, preview):
    size = 50_000_000
    (atlas / "large.bin").write_bytes(bytes(size))
    with socket.create_connection(("127.0.0.1", preview), timeout=PATIENCE) as connection:
        connection.sendall(own(preview, "GET /large.bin"))
        received = len(connection.recv(1000))
        os.truncate(atlas / "large.bin", 1000)
        with contextlib.suppress(ConnectionResetError):
            while part := connection.recv(1 << 20):
                received += len(part)
    assert received < size
    answers_in_time(preview)


def test_serve_goes_on_while_the_atlas_is_replaced(atlas, preview):
    """A reader who asks all the time gets one edition or the other, or 404, and never a mixture."""
    pages = [f"<p>Edition {number}</p>" for number in range(20)]
    found = []
    done = threading.Event()

    def read():
        while not done.is_set():
            found.append(get(preview, "/index.html")[::2])

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number, page in enumerate(pages):
        build(atlas.parent / "next", {**FILES, "index.html": page})
        atlas.rename(atlas.parent / f"old{number}")
        (atlas.parent / "next").rename(atlas)
    wanted = len(found) + len(readers)
    wait_until(lambda: len(found) > wanted, "a reply")
    done.set()
    for reader in readers:
        reader.join()
    assert found[-1] == (200, pages[-1].encode())
    allowed = {page.encode() for page in [*pages, FILES["index.html"]]}
    assert all(status == 404 or body in allowed for status, body in found)


def test_serve_answers_a_hundred_clients_at_once(preview):
    wrong = []

    def ask():
        for path in TYPES:
            status, _, body = get(preview, "/" + path)
            if (status, body) != (200, FILES[path].encode()):
                wrong.append(path)

    clients = [threading.Thread(target=ask) for _ in range(100)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert wrong == []


# serve --watch


@pytest.fixture(scope="module")
def workplace(tmp_path_factory, sample):
    """A folder with content, templates and a small collection, of which an atlas was built."""
    folder = tmp_path_factory.mktemp("watch")
    for name in ["content", "templates"]:
        shutil.copytree(ROOT / name, folder / name)
    for kind in sorted(sample.iterdir())[:6]:
        (folder / "rocks" / kind.name).mkdir(parents=True)
        for picture in sorted(kind.iterdir())[:8]:
            shutil.copy(picture, folder / "rocks" / kind.name)
    options = ["--classifier", "conv1l", "--folds", 0, "--epochs", 1, "--no-times", "--quiet"]
    result = geoatlas_run("build", "rocks", *options, cwd=folder)
    assert result.returncode == 0, result.stderr
    return folder


def put(path, text):
    """Writes a file in one step, so that no build reads half of it."""
    whole = path.parents[1] / "whole"
    whole.write_text(text)
    whole.replace(path)


class Watching:
    """A running `serve --watch`, with the lines that it has said."""

    def __init__(self, folder, *arguments):
        self.port = free_port()
        self.lines = []
        self.process = subprocess.Popen(
            [geoatlas_program(), "serve", "public", "--watch", "--port", str(self.port), *arguments],
            stderr=subprocess.PIPE, text=True, cwd=folder)
        self.reader = threading.Thread(target=self.read)

    def read(self):
        for line in self.process.stderr:
            self.lines.append(line.rstrip("\n"))

    def __enter__(self):
        self.reader.start()
        self.wait(rf"Preview of public at http://127.0.0.1:{self.port}/  \(Ctrl-C ends it\)")
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=PATIENCE)
        self.reader.join()

    def wait(self, pattern, since=0):
        """Waits for a line after the first `since` ones; the number of lines up to it."""
        def found():
            return next(
                (number for number, line in enumerate(list(self.lines))
                 if number >= since and re.fullmatch(pattern, line)), None)

        wait_until(lambda: found() is not None, f"the line {pattern} in {self.lines}")
        return found() + 1

    def after(self, change, path):
        """Makes a change, and waits until it was built."""
        since = len(self.lines)
        change()
        since = self.wait(rf"{path} changed\.", since)
        return self.wait(r".*(changed|written), [0-9.]+ s\.|geoatlas: (?!note: ).*", since)

    def page(self, path):
        status, _, body = get(self.port, path)
        assert status == 200, path
        return body.decode()

    def edition(self):
        return re.search(r"reload\.js\?(since=[0-9a-f]{32})", self.page("/"))[1]

    def question(self, edition):
        return get(self.port, f"/.geoatlas/edition.js?{edition}")[2].decode()


def test_watch_builds_again_and_tells_open_pages(workplace):
    with Watching(workplace) as watching:
        edition = watching.edition()
        assert watching.question(edition) == ""
        # Files on the disk have no such script.
        assert "reload.js" not in (workplace / "public/index.html").read_text()

        about = workplace / "content/about.md"
        watching.after(
            lambda: put(about, about.read_text() + "\nQuartz veins.\n"), "content/about.md")
        assert "Quartz veins." in watching.page("/about.html")
        assert watching.question(edition) == "location.reload();\n"
        assert watching.question(watching.edition()) == ""

        frame = workplace / "templates/frame.css"
        style = frame.read_text()
        watching.after(lambda: put(frame, style + "\n.vein { color: red }\n"), "templates/frame.css")
        assert any(
            ".vein" in file.read_text() for file in (workplace / "public/assets").glob("frame.*.css"))

        picture = next((workplace / "rocks").rglob("*.png"), None) or next(
            path for path in (workplace / "rocks").rglob("*") if path.is_file())
        new = picture.with_name("zz-new" + picture.suffix)
        # Not a copy, of which a note would tell.
        inverted = ImageOps.invert(Image.open(picture).convert("RGB"))
        whole = workplace / new.name
        inverted.save(whole)
        watching.after(lambda: os.replace(whole, new), f"rocks/{picture.parent.name}/zz-new.*")
        assert list((workplace / "public" / picture.parent.name).rglob("zz-new.html"))
        watching.after(new.unlink, f"rocks/{picture.parent.name}/zz-new.*")
        assert not list((workplace / "public" / picture.parent.name).rglob("zz-new.html"))


def test_watch_keeps_the_atlas_when_a_build_fails(workplace):
    with Watching(workplace) as watching:
        edition = watching.edition()
        page = workplace / "templates/index.html"
        text = page.read_text()
        since = watching.after(lambda: put(page, text + "{{nothing}}"), "templates/index.html")
        assert watching.lines[since - 1].startswith("geoatlas: ") and "nothing" in watching.lines[since - 1]
        assert watching.question(edition) == ""
        assert watching.edition() == edition

        settings = workplace / "content/atlas.yml"
        words = settings.read_text()
        since = watching.after(lambda: put(settings, words + "\nnonsense: 1\n"), "content/atlas.yml")
        assert "there is no setting" in watching.lines[since - 1]
        # Both mistakes are corrected; the second correction succeeds.
        watching.after(lambda: put(settings, words), "content/atlas.yml")
        watching.after(lambda: put(page, text), "templates/index.html")
        assert watching.lines[-1].endswith(" s.")
        assert watching.edition() == edition


def test_watch_takes_the_options_of_a_build_after_two_hyphens(workplace, tmp_path):
    shutil.copytree(workplace / "content", tmp_path / "texts")
    settings = tmp_path / "texts/atlas.yml"
    settings.write_text(re.sub("(?m)^title:.*$", "title: The other atlas", settings.read_text()))
    shutil.rmtree(tmp_path / "public", ignore_errors=True)
    with Watching(
        tmp_path, "--", str(workplace / "rocks"), "--content", "texts", "--folds", "0", "--epochs", "1",
        "--quiet"
    ) as watching:
        assert "The other atlas" in watching.page("/")
        watching.after(
            lambda: put(settings, settings.read_text().replace("other", "third")), "texts/atlas.yml")
        assert "The third atlas" in watching.page("/")
    assert json.loads((tmp_path / ".geoatlas/last-command.json").read_text())["options"]["folds"] == 0


def test_watch_without_a_known_build_says_what_to_give(atlas):
    before = contents(atlas)
    line = failure(geoatlas_run("serve", "public", "--watch", cwd=atlas.parent))
    assert line == (
        "The workspace .geoatlas does not know how public was built. Give the collection and the other "
        'options of the build after two hyphens: "geoatlas serve public --watch -- rocks.zip".')
    assert contents(atlas) == before


@pytest.mark.parametrize(
    "arguments",
    [("public", "--", "rocks"), ("public", "--watch", "--", "rocks", "--output", "other"),
     ("public", "--watch", "--", "--no-such-option"), ("public", "rocks", "--watch")],
)
def test_watch_refuses_wrong_usage(tmp_path, arguments):
    result = geoatlas_run("serve", *arguments, cwd=tmp_path)
    assert (result.returncode, result.stdout) == (64, "")
    assert list(tmp_path.iterdir()) == []
