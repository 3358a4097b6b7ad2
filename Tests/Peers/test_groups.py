"""`groups` against NumPy, and against the overlaps of the reference collection."""

import csv
import gzip
import io
import zipfile

import h5py
import numpy
import pytest
from conftest import failure, geoatlas_run, validated
from PIL import Image

SIDE = 28


def scene(seed, side=60):
    """Noise averaged over 3 × 3 pixels, `(side, side, 3) uint8`."""
    noise = numpy.random.default_rng(seed).integers(0, 256, (side + 2, side + 2, 3))
    windows = numpy.lib.stride_tricks.sliding_window_view(noise, (3, 3), axis=(0, 1))
    return windows.mean(axis=(3, 4)).astype(numpy.uint8)


def cut(ground, top, left):
    return ground[top:top + SIDE, left:left + SIDE]


def write(folder, pictures):
    """Writes pictures, by key."""
    for key, pixels in pictures.items():
        path = folder / f"{key}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(numpy.ascontiguousarray(pixels)).save(path)
    return folder


def grouped(*arguments):
    return validated("groups", geoatlas_run("groups", *arguments, "--json", "--quiet"))


@pytest.fixture(scope="module")
def cuttings(tmp_path_factory):
    """Twenty pictures cut from two scenes at random places, by key."""
    places = numpy.random.default_rng(5).integers(0, 32, (20, 2))
    grounds = [scene(1), scene(2)]
    pictures = {
        f"gneiss/{index:02}": cut(grounds[index % 2], *place)
        for index, place in enumerate(places)}
    return write(tmp_path_factory.mktemp("cuttings"), pictures), pictures


def overlap(one, other, down, right):
    """What the two show both, when `other` is shifted against `one`."""
    def window(shift):
        return slice(max(0, shift), SIDE + min(0, shift))
    return (
        one[window(down), window(right)].astype(float).ravel(),
        other[window(-down), window(-right)].astype(float).ravel())


def same_ground(one, other):
    """The best shift by the definition of docs/groups.md and its correlation; `None` without one."""
    best = None
    for down in range(-7, 8):
        for right in range(-7, 8):
            patches = [
                numpy.corrcoef(
                    a[7:21, 7:21].ravel(),
                    b[7 - y:21 - y, 7 - x:21 - x].ravel())[0, 1]
                for a, b, y, x in ((one, other, down, right), (other, one, -down, -right))]
            x, y = overlap(one, other, down, right)
            found = numpy.corrcoef(x, y)[0, 1]
            if max(patches) >= 0.95 and found >= 0.98 and abs(x - y).mean() <= 6:
                best = max(best or (0,), (found, down, right))
    return best


def test_the_same_ground_is_what_numpy_finds_by_trying_every_shift(cuttings):
    folder, pictures = cuttings
    expected = {}
    keys = sorted(pictures)
    for place, a in enumerate(keys):
        for b in keys[place + 1:]:
            found = same_ground(pictures[a], pictures[b])
            if found:
                expected[a, b] = found
    result = grouped(folder)
    assert result["images"] == 20
    found = {(pair["a"], pair["b"]): pair for pair in result["pairs"]}
    assert found.keys() == expected.keys()
    assert len(found) > 5
    for names, (correlation, down, right) in expected.items():
        pair = found[names]
        assert (pair["kind"], pair["turn"], pair["connects"]) == ("ground", 0, True)
        assert (pair["down"], pair["right"]) == (down, right)
        assert pair["correlation"] == pytest.approx(correlation, abs=1e-12)


def test_file_and_table_say_what_json_says(cuttings, tmp_path):
    folder, _ = cuttings
    output, table = tmp_path / "g.h5", tmp_path / "g.csv"
    result = grouped(folder, "--output", output, "--csv", table)
    with h5py.File(output) as file:
        keys = [key.decode() for key in file["keys"]]
        first = file["groups"][:]
        columns = {name: file["pairs"][name][:] for name in file["pairs"]}
    members = {}
    for key, group in zip(keys, first, strict=True):
        members.setdefault(int(group), []).append(key)
    assert result["groups"] == [found for found in members.values() if len(found) > 1]
    with open(table, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for index, (pair, row) in enumerate(zip(result["pairs"], rows, strict=True)):
        assert keys[columns["a"][index]] == row["a"] == pair["a"]
        assert keys[columns["b"][index]] == row["b"] == pair["b"]
        assert columns["kind"][index].decode() == row["kind"] == pair["kind"]
        for name in ("down", "right", "turn"):
            assert columns[name][index] == int(row[name]) == pair[name]
        assert columns["correlation"][index] == float(row["correlation"]) == pair["correlation"]
        assert row["connects"] == ("yes" if pair["connects"] else "no")


def test_equal_pictures_and_specimens_are_pairs_too(tmp_path):
    ground = scene(1, side=100)
    folder = write(tmp_path / "rocks", {
        "gneiss/a": cut(ground, 0, 0), "gneiss/b": numpy.fliplr(cut(ground, 0, 0)),
        "schist/c": cut(ground, 40, 0), "schist/d": cut(ground, 0, 40)})
    (folder / "metadata.csv").write_text("key,specimen\nschist/c,MU-17\nschist/d,MU-17\n")
    result = grouped(folder)
    assert result["groups"] == [["gneiss/a", "gneiss/b"], ["schist/c", "schist/d"]]
    equal, specimen = result["pairs"]
    assert (equal["kind"], equal["turn"], equal["correlation"]) == ("identical", 4, 1)
    assert (specimen["kind"], "correlation" in specimen) == ("specimen", False)


def test_the_overlaps_of_the_reference_collection_are_found(shared, reference, tmp_path):
    with gzip.open(shared / "expected" / "overlaps_half.csv.gz", "rt", newline="") as file:
        expected = {
            (row["a"], row["b"]): (int(row["down"]), int(row["right"]))
            for row in csv.DictReader(file) if row["a"].startswith("andesite/")}
    # The pictures of one type only, because all of them take a while.
    folder, mirrored = tmp_path / "rocks", tmp_path / "mirrored"
    seconds = {b for _, b in expected}
    with zipfile.ZipFile(reference) as archive:
        for name in archive.namelist():
            if "/andesite/" in name and name.endswith(".jpg"):
                key = "/".join(name.rsplit(".", 1)[0].split("/")[-2:])
                pixels = numpy.asarray(Image.open(io.BytesIO(archive.read(name))))
                write(folder, {key: pixels})
                write(mirrored, {key: numpy.fliplr(pixels) if key in seconds else pixels})
    found = {
        (pair["a"], pair["b"]): (pair["down"], pair["right"])
        for pair in grouped(folder)["pairs"]}
    assert sum(found.get(pair) == shift for pair, shift in expected.items()) >= (
        0.99 * len(expected))
    pairs = {(pair["a"], pair["b"]) for pair in grouped(mirrored)["pairs"]}
    firsts = {a for a, _ in expected}
    assert not [pair for pair in expected if pair in pairs and pair[0] not in seconds & firsts]


def photograph(seed, width=240, height=180):
    """A picture with coarse and fine structure, `(height, width, 3) uint8`."""
    random = numpy.random.default_rng(seed)
    layers = [
        numpy.asarray(
            Image.fromarray(random.integers(0, 256, (rows, rows * 4 // 3, 3), dtype=numpy.uint8))
            .resize((width, height), Image.BICUBIC)).astype(float)
        for rows in (3, 12, 45)]
    return (sum(layers) / 3).astype(numpy.uint8)


def jpeg(picture, quality):
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=quality)
    return Image.open(io.BytesIO(target.getvalue()))


def test_copies_of_photographs_are_found_and_nothing_else(tmp_path):
    changes = {
        "turned": lambda picture: picture.transpose(Image.Transpose.ROTATE_90),
        "mirrored": lambda picture: picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        "smaller": lambda picture: picture.resize((144, 108), Image.Resampling.LANCZOS),
        "coarser": lambda picture: jpeg(picture, 35),
        "brighter": lambda picture: picture.point(lambda value: min(255, value * 1.1)),
    }
    folder = tmp_path / "rocks" / "gneiss"
    folder.mkdir(parents=True)
    expected = set()
    for seed in range(40):
        picture = Image.fromarray(photograph(seed))
        picture.save(folder / f"p{seed:02}.jpg", quality=92)
        name, change = list(changes.items())[seed % 5]
        change(picture).save(folder / f"q{seed:02}-{name}.png")
        expected.add((f"gneiss/p{seed:02}", f"gneiss/q{seed:02}-{name}"))
    pairs = grouped(tmp_path / "rocks")["pairs"]
    assert {(pair["a"], pair["b"]) for pair in pairs} == expected
    assert {pair["kind"] for pair in pairs} <= {"copy", "identical"}
    turns = {pair["b"].split("-")[1]: pair["turn"] for pair in pairs}
    # A picture that was turned by 90 degrees counter-clockwise is turned back by three quarter turns.
    assert turns == {"turned": 3, "mirrored": 4, "smaller": 0, "coarser": 0, "brighter": 0}


def test_a_pattern_of_names_tells_specimens(tmp_path):
    ground = scene(1, side=100)
    folder = write(tmp_path / "rocks", {
        "gneiss/MU-17_1": cut(ground, 0, 0), "gneiss/MU-17_2": cut(ground, 40, 0),
        "gneiss/MU-18_1": cut(ground, 0, 40)})
    content = tmp_path / "content"
    content.mkdir()
    settings = content / "atlas.yml"
    settings.write_text("specimen: '^(.*)_[0-9]+$'\n")
    result = grouped(folder, "--content", content)
    assert result["groups"] == [["gneiss/MU-17_1", "gneiss/MU-17_2"]]
    assert [pair["kind"] for pair in result["pairs"]] == ["specimen"]
    settings.write_text("title: x\nspecimen: '^(.*'\n")
    message = failure(geoatlas_run("groups", folder, "--content", content))
    assert message == (
        f"{settings}, line 2: specimen is \"^(.*\", but has to be a regular expression with one "
        "group in parentheses, like '^(.*)_[0-9]+$'.")


def test_one_file_for_two_results_is_wrong_usage(cuttings, tmp_path):
    folder, _ = cuttings
    result = geoatlas_run(
        "groups", folder, "--output", tmp_path / "g", "--csv", tmp_path / "x" / ".." / "g")
    assert result.returncode == 64
    assert "--output and --csv name the same file" in result.stderr
    message = failure(geoatlas_run("groups", folder, "--csv", tmp_path / "no" / "g.csv"))
    assert "no/g.csv" in message


def test_similar_and_neighbours_say_why_a_target_belongs_together_with_a_picture(cuttings, tmp_path):
    folder, pictures = cuttings
    kinds = {}
    for pair in grouped(folder)["pairs"]:
        kinds[pair["a"], pair["b"]] = kinds[pair["b"], pair["a"]] = pair["kind"]
    (key, other), _ = sorted(kinds.items())[0]
    # The same picture from outside the collection, turned.
    turned = tmp_path / "turned.png"
    Image.fromarray(numpy.ascontiguousarray(numpy.rot90(pictures[key]))).save(turned)
    shown = {
        result["candidate"]: {
            match["key"]: match.get("kind") for match in result["pairwise"]["matches"]}
        for result in validated("similar", geoatlas_run(
            "similar", folder, key, turned, "-n", 19, "--model", "pairwise", "--json", "--quiet"))}
    assert shown[key][other] == "ground"
    assert {target for target, kind in shown[key].items() if kind} >= {
        target for candidate, target in kinds if candidate == key}
    assert shown[str(turned)][key] == "identical"
    words = geoatlas_run("similar", folder, key, "-n", 19, "--model", "pairwise").stdout
    assert f"{other}, the same ground" in words
    output = tmp_path / "n.h5"
    validated("neighbours", geoatlas_run(
        "neighbours", folder, "--output", output, "-n", 19, "--model", "pairwise", "--json"))
    with h5py.File(output) as file:
        names = ["", *(name.decode() for name in file["kinds"])]
        keys = [name.decode() for name in file["keys"]]
        found = {
            (keys[row], keys[target]): names[kind]
            for row, (targets, numbers) in enumerate(
                zip(file["pairwise/indices"][:], file["pairwise/kinds"][:], strict=True))
            for target, kind in zip(targets, numbers, strict=True) if target >= 0}
    assert names == ["", "identical", "copy", "ground", "specimen"]
    assert {pair: kind for pair, kind in found.items() if pair in kinds} == kinds
