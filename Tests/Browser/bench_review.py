"""`make bench-review-browser`: two reviewers of 200 votes each, from files and from nginx with WebDAV.

Chromium plays them with clicks, reloads the page, takes answers back, and is killed once for each reviewer.
Then every vote given has to be in the tally, and none twice. `COLLECTION` names the collection (default: a
sample of 300 pictures), `VOTES` the number of votes of each reviewer.
"""

import json
import os
import pathlib
import random
import shutil
import signal
import tempfile
import time

from conftest import ROOT, chromium, geoatlas
from documented_servers import running
from ports import free_port
from ready import wait_until
from reviewing import begin, counting, know_password, merged_lines, play, saved, state

VOTES = int(os.environ.get("VOTES", "200"))


def built(folder, comparisons):
    """An atlas with a trial of so many comparisons for each reviewer: its folder."""
    collection = os.environ.get("COLLECTION")
    if not collection:
        collection = folder / "rocks"
        geoatlas("sample", collection, "--per-type", 50)
    content = folder / "content"
    shutil.copytree(ROOT / "content", content)
    settings = content / "atlas.yml"
    settings.write_text(settings.read_text().replace("comparisons: 60", f"comparisons: {comparisons}"))
    geoatlas(
        "build", collection, "--output", folder / "public", "--workspace", folder / "workspace",
        "--review", folder / "review", "--folds", 0, "--epochs", 1, "--classifier", "conv1l",
        "--content", content, "--templates", ROOT / "templates")
    return folder / "public"


def reviewer(name, address, folder, opened):
    """Plays one reviewer in a browser of its own: the answers, and the browser at the end.

    `opened` prepares each new browser, such as its password.
    """
    folder.mkdir()

    def browser():
        driver = chromium(folder, profile=folder / "profile")
        driver.downloads = folder
        opened(driver)
        driver.get(address)
        return driver

    def killed(driver):
        os.kill(driver.capabilities["goog:processID"], signal.SIGKILL)
        driver.service.stop()
        driver = browser()
        begin(driver, known=name)
        return driver

    driver = browser()
    begin(driver, name)
    return play(driver, VOTES, random.Random(name), killed)


def check(source, given, folder, work):
    """Merges what arrived, three times, and compares it with what was given."""
    into = folder / "merged"
    for _ in range(3):
        merged = json.loads(geoatlas("votes", "merge", *source, "--into", into, "--json"))
        assert merged["rejected"] == []
    lines = merged_lines(into)
    assert counting(lines) == given
    key = work / "review/key.json"
    tally = json.loads(geoatlas("votes", "tally", into, "--key", key, "--json"))
    kinds = json.loads(key.read_text())["comparisons"]
    normal = [place for place in given if "kind" not in kinds[place[1]]]
    assert tally["votes"] == len(normal)
    return len(lines)


def main():
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        work.chmod(0o755)
        public = built(work, VOTES)

        begun = time.monotonic()
        given, files = {}, []
        (work / "files").mkdir()
        for person in ("AB", "CD"):
            driver, answers = reviewer(
                person, f"file://{public}/review.html", work / "files" / person, lambda driver: None)
            files.append(saved(driver)[0])
            driver.quit()
            given |= {(person, comparison): value for comparison, value in answers.items()}
        lines = check(files, given, work / "files", work)
        print(f"from files: {len(given)} votes of two reviewers in {lines} lines, all in the tally, "
              f"{time.monotonic() - begun:.0f} s")

        begun = time.monotonic()
        given = {}
        (work / "nginx").mkdir()
        port = free_port()
        with running("nginx", port, lambda folder: geoatlas("publish", public, folder)) as place:
            for person in ("AB", "CD"):
                driver, answers = reviewer(
                    person, f"http://127.0.0.1:{port}/review.html", work / "nginx" / person,
                    know_password)
                wait_until(
                    lambda driver=driver: "All votes of this browser are on the server." in state(driver),
                    "the arrival of all votes")
                driver.quit()
                given |= {(person, comparison): value for comparison, value in answers.items()}
            lines = check([place / "votes"], given, work / "nginx", work)
        print(f"from nginx: {len(given)} votes of two reviewers in {lines} lines, all in the tally, "
              f"{time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
