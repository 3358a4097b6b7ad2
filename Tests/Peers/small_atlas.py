"""Small atlases made by hand, and requests to web servers that show them.

Their manifests are computed with the package xxhash, so that the program's digests are compared with
another implementation of XXH3.
"""

import http.client
import json
import os
import shutil
from pathlib import Path

import xxhash
from waiting import PATIENCE

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


def contents(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*") if path.is_file()
    }


TYPES = {
    "index.html": "text/html", "rocks/gneiss.html": "text/html", "style-1.css": "text/css",
    "app.js": "javascript", "pictures/g1.jpg": "image/jpeg", "pictures/g2.png": "image/png",
    "pictures/band.svg": "image/svg+xml", "data.json": "application/json",
}


def get(port, path, method="GET", body=None, headers=None):
    """Status, headers and body of one request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def geoatlas_program():
    root = Path(__file__).resolve().parents[2]
    return os.environ.get("GEOATLAS", root / ".build" / "release" / "geoatlas")
