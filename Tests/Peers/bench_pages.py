"""Measures rendering beside Hugo, by turns: as many pages with as many links on the same disk.

usage: bench_pages.py [COLLECTION]

The collection is ../shared/data/geotechnical_images.zip where it exists, else a sample drawn here.
Ours is the time from features ready to files written: everything else comes from the workspace, and
the folder is empty. Hugo gets its content as files with front matter, which is its way, and no kind
of page that we have none of. A loop that writes the same bytes says what the file system gives.
"""
import json
import os
import pathlib
import random
import re
import statistics
import sys
import tempfile
import time

from measuring import PROGRAM, ROOT, TYPES, chosen, judged, machine, row, title, watched

ROUNDS = 3
PAGE = 6_000
ATLAS = 10_000

LAYOUT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{{ .Title }} · {{ site.Title }}</title>
<link rel="stylesheet" href="{{ "style.css" | relURL }}">
<nav>{{ range site.Menus.main }}<a href="{{ .URL }}">{{ .Name }}</a>{{ end }}</nav>
<main><p><a href="./">{{ .Params.label }}</a>, picture {{ .Params.place }}</p>
{{ with .Params.previous }}<a href="{{ . }}.html">Previous</a>{{ end }}{{ with .Params.next }}<a href="{{ . }}.html">Next</a>{{ end }}
<h1>{{ .Title }}</h1><p><a href="./#kmeans">K-Means</a> <a href="./#pairwise">Pairwise</a> <a href="#main">Top</a>
<a href="{{ .Params.name }}.jpg">Open the picture</a></p><img src="{{ .Params.name }}.jpg" alt="{{ .Title }}" width="28" height="28">
<dl>{{ range .Params.bars }}<dt>{{ .type }}<dd><svg width="{{ .share }}%"></svg>{{ .share }} %{{ end }}</dl>
<dl>{{ range $name, $value := .Params.facts }}<dt>{{ $name }}<dd>{{ $value }}{{ end }}</dl>
{{ range .Params.panels }}<section><h2>{{ .name }}</h2><ol>
{{ range .targets }}<li class="{{ .type }}"><a href="../{{ .type }}/{{ .stem }}.html"><img src="../{{ .type }}/{{ .stem }}.jpg" alt="{{ .type }}">{{ .score }} %<b>{{ .stem }}</b></a>
{{ end }}</ol></section>{{ end }}</main><footer><p>{{ site.Title }}</p></footer>
"""
LIST = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{{ .Title }}</title>
<main>{{ range first 720 .Pages }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</main>
"""
CONFIGURATION = """baseURL = "/"
title = "Atlas"
uglyURLs = true
disableKinds = ["taxonomy", "term", "RSS", "sitemap", "robotsTXT", "404"]
""" + "".join(
    f'[[menu.main]]\nname = "{name}"\nurl = "/{name}.html"\nweight = {place}\n'
    for place, name in enumerate(["plates", "review", "models", "disputed", "errata", "about"]))


def measured(command, folder):
    """What a command printed, its seconds, and its peak of memory in bytes."""
    done = watched(command, folder)
    return done.output, done.seconds, done.memory


def atlas(collection, folder, name):
    """The atlas in a new folder, its times, and the peak of memory."""
    output, _, memory = measured([
        PROGRAM, "build", collection, "--folds", 0, "--epochs", 1, "--json", "--quiet",
        "--output", folder / name, "--workspace", folder / "workspace", "--review",
        folder / "review", "--content", ROOT / "content", "--templates", ROOT / "templates",
    ], folder)
    return json.loads(output), memory


def picture_pages(public):
    return [path for path in public.glob("*/??/*.html") if path.parts[-3] != "thumbs"]


def hugo_site(folder, pages):
    """Content and layout with `pages` pages of pictures, six of types and a front page."""
    chance = random.Random(0)
    names = {label: [] for label in TYPES}
    for place in range(pages):
        names[TYPES[place % len(TYPES)]].append(f"p{place:05}")

    def targets(label):
        # Most look-alikes have the label of the picture.
        kinds = [label if chance.random() < .7 else chance.choice(TYPES) for _ in range(12)]
        return [
            {"type": kind, "stem": chance.choice(names[kind]), "score": round(99 - chance.random() * 20, 1)}
            for kind in kinds]

    (folder / "layouts/_default").mkdir(parents=True)
    (folder / "layouts/_default/single.html").write_text(LAYOUT)
    (folder / "layouts/_default/list.html").write_text(LIST)
    (folder / "config.toml").write_text(CONFIGURATION)
    for label, own in names.items():
        (folder / "content" / label).mkdir(parents=True)
        for place, name in enumerate(own):
            (folder / f"content/{label}/{name}.md").write_text(json.dumps({
                "title": f"{label.title()} {name}", "label": label, "name": name,
                "place": f"{place + 1} of {len(own)}",
                "previous": own[place - 1] if place else "",
                "next": own[place + 1] if place + 1 < len(own) else "",
                "bars": [{"type": kind, "share": round(chance.random() * 100, 1)} for kind in TYPES],
                "facts": {
                    "Key": f"{label}/{name}", "File": f"{name}.jpg", "Size": "28 × 28 px",
                    "Format": "JPEG", "Cluster": "1 of 3", "Part of": "training set"},
                "panels": [
                    {"name": model, "targets": targets(label)} for model in ("K-Means", "Pairwise")],
            }) + "\n")


def plain_loop(public, folder):
    """Seconds to write the files of an atlas to a new folder, open, write, close; and how many."""
    files = [(path.relative_to(public), path.read_bytes()) for path in public.rglob("*") if path.is_file()]
    start = time.monotonic()
    made = set()
    for path, content in files:
        if path.parent not in made:
            (folder / path.parent).mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        handle = os.open(folder / path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
        os.write(handle, content)
        os.close(handle)
    return time.monotonic() - start, len(files)


def report(result, sizes, text, other, other_text, ours, theirs, loops):
    fastest, hugo = min(ours), min(theirs)
    loop, files = min(loops)

    def links(page):
        return len(re.findall(r"<a |<img ", page))

    row("pages, ours; Hugo's", f"{result['pages']:,}; {len(other):,}")
    row("links and pictures on a page, ours; Hugo's", f"{links(text)}; {links(other_text)}")
    row("page of a picture, median; one of Hugo's",
        f"{statistics.median(sizes):,.0f}; {len(other_text.encode()):,} bytes",
        f"bar {PAGE:,}: {'met' if statistics.median(sizes) <= PAGE else 'MISSED'}")
    each = result["bytes"] / result["images"]
    row("whole atlas a picture", f"{each:,.0f} bytes", f"bar {ATLAS:,}: {'met' if each <= ATLAS else 'MISSED'}")
    row(f"Hugo, fastest of {ROUNDS}", f"{hugo[0]:.2f} s")
    row("pages and manifest", f"{fastest[0]:.2f} s")
    row("Hugo / pages and manifest", f"{hugo[0] / fastest[0]:.1f} x", judged(hugo[0] / fastest[0], 3))
    whole = min(pages + pictures for pages, pictures, _ in ours)
    row("with pictures and sprites, which Hugo does not write", f"{whole:.2f} s")
    row("Hugo / with pictures and sprites", f"{hugo[0] / whole:.1f} x", judged(hugo[0] / whole, 3))
    row("peak memory of the whole build; of Hugo",
        f"{max(memory for *_, memory in ours) / 2**30:.2f}; {max(m for _, m in theirs) / 2**30:.2f} GiB")
    row(f"plain loop that writes our {files:,} files", f"{loop:.2f} s", f"{files / loop:,.0f} files/s")
    row("ours with pictures / plain loop", f"{whole / loop:.1f} x")


def main():
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        folder = pathlib.Path(name)
        collection = chosen(sys.argv[1] if len(sys.argv) > 1 else None, folder)
        title(f"Pages of an atlas beside Hugo ({machine()})")
        # Fills the workspace.
        result, _ = atlas(collection, folder, "first")
        public = folder / "first"
        pages = picture_pages(public)
        sizes = [path.stat().st_size for path in pages]
        text = sorted(pages)[len(pages) // 2].read_text()
        hugo_site(folder / "hugo", len(pages))
        ours, theirs, loops = [], [], []
        for turn in range(ROUNDS):
            result, memory = atlas(collection, folder, f"ours{turn}")
            seconds = result["seconds"]
            ours.append((seconds["pages"] + seconds["manifest"], seconds["thumbnails"], memory))
            _, time_taken, hugo_memory = measured(
                ["hugo", "--quiet", "--destination", folder / f"theirs{turn}"], folder / "hugo")
            theirs.append((time_taken, hugo_memory))
            loops.append(plain_loop(public, folder / f"loop{turn}"))
        other = list((folder / "theirs0").rglob("*.html"))
        other_text = (folder / f"theirs0/{TYPES[0]}/p00000.html").read_text()
        report(result, sizes, text, other, other_text, ours, theirs, loops)


if __name__ == "__main__":
    main()
