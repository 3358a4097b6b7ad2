"""The configurations of `docs/web-servers.md`, on real servers that listen on loopback."""

import base64
import gzip
import re
import subprocess
from pathlib import Path

import pytest
from conftest import geoatlas_run, validated
from documented_servers import DOCUMENT, PASSWORD, SERVERS, block, replaced, running
from ports import free_port
from small_atlas import build, get

SCRIPT = "GEO.index = [" + "'andesite/012L6', " * 500 + "];"
FILES = {
    "index.html": "<!doctype html><title>Atlas</title>" + "<p>Gneiss and more gneiss.</p>\n" * 200,
    "gneiss/index.html": "<!doctype html><p>Gneiss",
    "gneiss/0a/g1.jpg": "jpeg",
    "gneiss/0a/g2.2024060112.png": "png",
    "assets/frame.3f2a91bc01.css": "body { margin: 0 }\n" * 200,
    "data/search.0123456789.js": SCRIPT,
    "sprites/wall.abcdef0123.jpg": "jpeg" * 100,
    "sprites/gneiss/1.abcdef0123.jpg": "jpeg",
    "tiles/0/3/12.0a1b2c3d4e.jpg": "jpeg",
    "texts/map.0a0a0a0a0a.pdf": "pdf",
}
DIGESTS = {"assets", "data", "sprites", "texts", "tiles"}
VOTE = b'{"answer":"A","comparison":"00000000000000aa"}\n'
FOREVER = "max-age=31536000, immutable"


@pytest.fixture(scope="module", params=SERVERS)
def server(request, tmp_path_factory):
    """A server with the configuration of the document: its port, and the folder of the atlas."""
    public = build(tmp_path_factory.mktemp("atlas") / "public", FILES)

    def publish(atlas):
        validated("publish", geoatlas_run("publish", public, atlas, "--json"))
        (atlas / ".hidden").write_text("SECRET")

    port = free_port()
    with running(request.param, port, publish) as atlas:
        yield port, atlas


def ask(server, path, method="GET", body=None, **headers):
    """A request with the password. Hyphens of header names are written as underscores."""
    token = base64.b64encode(f"geologist:{PASSWORD}".encode()).decode()
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return get(
        server[0], path, method=method, body=body,
        headers={"Authorization": f"Basic {token}", **fields})


def test_every_file_arrives_with_its_type(server):
    types = {
        ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "javascript",
        ".jpg": "image/jpeg", ".png": "image/png", ".pdf": "application/pdf",
    }
    for path, content in FILES.items():
        status, headers, body = ask(server, "/" + path)
        assert (status, body) == (200, content.encode()), path
        assert types[Path(path).suffix] in headers["Content-Type"].lower(), path
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert ask(server, "/")[2] == FILES["index.html"].encode()
    assert ask(server, "/gneiss/")[2] == FILES["gneiss/index.html"].encode()


def test_only_files_with_a_digest_in_their_names_are_kept_for_ever(server):
    for path in FILES:
        expected = FOREVER if path.split("/")[0] in DIGESTS else "no-cache"
        assert ask(server, "/" + path)[1].get_all("Cache-Control") == [expected], path
        packed = ask(server, "/" + path, Accept_Encoding="gzip")[1]
        assert packed.get_all("Cache-Control") == [expected], path


def test_all_files_that_a_build_puts_into_those_folders_have_such_names(small_sample, tmp_path):
    public = tmp_path / "public"
    made = geoatlas_run(
        "build", small_sample, "--output", public, "--workspace", tmp_path / "workspace", "--review",
        tmp_path / "review", "--classifier", "conv1l", "--epochs", 1, "--folds", 0, "--quiet")
    assert made.returncode == 0, made.stderr
    paths = [
        path.relative_to(public).as_posix() for folder in DIGESTS for path in (public / folder).rglob("*")
        if path.is_file()]
    assert {path.split("/")[0] for path in paths} >= {"assets", "data", "sprites", "tiles"}
    patterns = re.findall(r'"(\^/\(assets.*?\{10\}.*?\$)"', DOCUMENT.read_text())
    assert len(patterns) == 2
    for pattern in patterns:
        assert [path for path in paths if not re.search(pattern, "/" + path)] == []


@pytest.mark.parametrize("path", ["assets/frame.3f2a91bc01.css", "data/search.0123456789.js"])
def test_files_that_were_compressed_beforehand_are_sent_so(server, path):
    prepared = (server[1] / (path + ".gz")).read_bytes()
    assert gzip.decompress(prepared) == FILES[path].encode()
    status, headers, body = ask(server, "/" + path, Accept_Encoding="gzip, deflate")
    assert (status, body, headers["Content-Encoding"]) == (200, prepared, "gzip")
    assert Path(path).suffix[1:] in headers["Content-Type"] or "javascript" in headers["Content-Type"]
    assert "Accept-Encoding" in headers["Vary"]
    assert int(headers["Content-Length"]) == len(prepared)
    # The length is enough to know that this is the prepared file: the servers use a lower level.
    assert ask(server, "/" + path, Accept_Encoding="identity")[2] == FILES[path].encode()


def test_pages_are_compressed_while_they_are_sent(server):
    status, headers, body = ask(server, "/", Accept_Encoding="gzip")
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert gzip.decompress(body) == FILES["index.html"].encode()
    assert "Accept-Encoding" in headers["Vary"]


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
@pytest.mark.parametrize("path", ["/index.html", "/gneiss/0a/g1.jpg", "/assets/frame.3f2a91bc01.css"])
def test_a_browser_that_has_a_file_gets_no_body(server, path, encoding):
    headers = ask(server, path, Accept_Encoding=encoding)[1]
    again = ask(server, path, Accept_Encoding=encoding, If_None_Match=headers["ETag"])
    assert (again[0], again[2]) == (304, b"")
    again = ask(server, path, Accept_Encoding=encoding, If_Modified_Since=headers["Last-Modified"])
    assert again[0] == 304


def test_a_part_of_a_file_can_be_asked_for(server):
    status, headers, body = ask(server, "/sprites/wall.abcdef0123.jpg", Range="bytes=4-7")
    assert (status, body, headers["Content-Range"]) == (206, b"jpeg", "bytes 4-7/400")


def test_nothing_is_sent_without_the_password(server):
    for path in ["/", "/index.html", "/gneiss/0a/g1.jpg", "/data/search.0123456789.js"]:
        assert get(server[0], path)[0] == 401, path
    wrong = base64.b64encode(b"geologist:quartz").decode()
    assert get(server[0], "/", headers={"Authorization": f"Basic {wrong}"})[0] == 401
    assert get(server[0], "/votes/a.jsonl", method="PUT", body=VOTE)[0] == 401
    assert not list((server[1] / "votes").iterdir())


def test_files_of_publish_and_of_others_are_hidden(server):
    for path in ["/.hidden", "/gneiss/../.hidden", "/votes/.a.jsonl"]:
        status, _, body = ask(server, path)
        assert status in {403, 404} and b"SECRET" not in body, path


def test_votes_can_be_handed_in_once_and_not_read(server):
    port, atlas = server
    name = "votes-0123456789abcdef-3fa2c1-1.jsonl"
    assert ask(server, f"/votes/{name}", method="PUT", body=VOTE)[0] == 201
    assert (atlas / "votes" / name).read_bytes() == VOTE
    assert ask(server, f"/votes/{name}", method="PUT", body=b"other")[0] == 412
    assert (atlas / "votes" / name).read_bytes() == VOTE
    for path in [f"/votes/{name}", "/votes/", "/votes"]:
        status, _, body = ask(server, path)
        assert status in {403, 404, 412} and b"answer" not in body, path
    for method in ["DELETE", "MOVE", "PROPFIND", "MKCOL", "POST"]:
        assert ask(server, f"/votes/{name}", method=method)[0] in {403, 405, 412}, method
    assert [path.name for path in (atlas / "votes").iterdir()] == [name]
    (atlas / "votes" / name).unlink()


def test_the_line_of_the_document_hands_votes_in(server, tmp_path):
    port, atlas = server
    line = next(line for line in block("", "curl").splitlines() if line.startswith("curl"))
    name = re.search(r"--upload-file (\S+)", line)[1]
    (tmp_path / name).write_bytes(VOTE)
    line = replaced(
        line, {"--user geologist": f"--user geologist:{PASSWORD}",
               "http://rock-atlas/": f"http://127.0.0.1:{port}/"})
    subprocess.run(f"{line} --silent --show-error --fail", shell=True, check=True, cwd=tmp_path)
    assert (atlas / "votes" / name).read_bytes() == VOTE
    (atlas / "votes" / name).unlink()


@pytest.mark.parametrize(
    "path",
    ["/votes/a.html", "/votes/a.jsonl.html", "/votes/.htaccess", "/votes/a/b.jsonl", "/votes/a b.jsonl",
     "/votes/..%2findex.html", "/index.html", "/new.jsonl", "/assets/a.jsonl"],
)
def test_nothing_else_can_be_written(server, path):
    before = {file for file in server[1].rglob("*")}
    status = ask(server, path.replace(" ", "%20"), method="PUT", body=VOTE)[0]
    assert status in {403, 404, 405}, status
    assert {file for file in server[1].rglob("*")} == before
    assert (server[1] / "index.html").read_text() == FILES["index.html"]


def test_a_file_of_votes_has_one_mebibyte_at_most(server):
    status = ask(server, "/votes/large.jsonl", method="PUT", body=b"\n" * (1 << 20))[0]
    assert status == 201
    (server[1] / "votes/large.jsonl").unlink()
    try:
        status = ask(server, "/votes/large.jsonl", method="PUT", body=b"\n" * ((1 << 20) + 1))[0]
        assert status == 413
    except (BrokenPipeError, ConnectionResetError):
        pass  # Refused before the whole body was sent.
    assert not (server[1] / "votes/large.jsonl").exists()


def test_another_edition_is_seen_at_once_although_files_are_compressed(server, tmp_path):
    """Pages are never stale, because only files with a digest in their names are prepared."""
    port, atlas = server
    assert not list(atlas.glob("*.html.gz"))
    old = ask(server, "/index.html")[1]["ETag"]
    # Of another size: the tag of nginx has only whole seconds.
    page = FILES["index.html"].replace("Gneiss", "Mica schist")
    build(tmp_path / "next", {**FILES, "index.html": page})
    validated("publish", geoatlas_run("publish", tmp_path / "next", atlas, "--json"))
    status, _, body = ask(server, "/index.html", Accept_Encoding="gzip", If_None_Match=old)
    assert (status, gzip.decompress(body)) == (200, page.encode())
    build(tmp_path / "last", FILES)
    validated("publish", geoatlas_run("publish", tmp_path / "last", atlas, "--json"))
