"""`cluster`, `similar` and `neighbours` against SciPy, scikit-learn and published values."""

import csv
import io
import json
import os
import shutil

import h5py
import numpy
import pytest
from conftest import ROOT, failure, geoatlas_run, noise, validated
from PIL import Image
from scipy.spatial.distance import correlation
from sklearn.cluster import KMeans

TURNS = [0, 90, 180, 270]


def png(pixels):
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "PNG")
    return target.getvalue()


def contents(path):
    """A `neighbours.h5` as arrays by name."""
    found = {}
    with h5py.File(path) as file:
        file.visititems(
            lambda name, item: found.__setitem__(name, item[()])
            if isinstance(item, h5py.Dataset)
            else None
        )
    return found


def vectors_of(collection, tmp_path):
    """Keys and model vectors, all four turns, `(n, 4, 2352) float64`."""
    output, table = tmp_path / "v.h5", tmp_path / "v.csv"
    validated(
        "dataset",
        geoatlas_run(
            "dataset", collection, "--output", output, "--vectors", "--metadata", table, "--json"
        ),
    )
    with open(table, newline="", encoding="utf-8") as file:
        keys = [row["key"] for row in csv.DictReader(file)]
    with h5py.File(output) as file:
        return keys, file["vectors"][:].reshape(len(keys), 4, 2352).astype(numpy.float64)


def distance(candidate, target):
    """Correlation distance by SciPy; 1 where a constant picture has none."""
    if candidate.std() == 0 or target.std() == 0:
        return 1.0
    return correlation(candidate, target)


@pytest.fixture(scope="module")
def awkward(tmp_path_factory):
    """Pictures on which a careless correlation fails, all 28 × 28."""
    folder = tmp_path_factory.mktemp("awkward") / "rocks"
    files = {}
    for i in range(14):
        files[f"andesite/random-{i:02}"] = noise(28, 28, seed=i)
    for i in range(10):
        # Constant but for one to ten bytes, bright and dark.
        pixels = numpy.full((28, 28, 3), 255 if i % 2 else 0, numpy.uint8)
        pixels.reshape(-1)[i * 37 : i * 38 + 1] = 254 if i % 2 else 1
        files[f"gneiss/near-constant-{i}"] = pixels
    for i, value in enumerate([0, 128, 255]):
        files[f"marble/constant-{i}"] = numpy.full((28, 28, 3), value, numpy.uint8)
    base = noise(28, 28, seed=99)
    files["schist/base"] = base
    files["schist/copy"] = base
    files["schist/negative"] = 255 - base
    for turns in (1, 2, 3):
        files[f"schist/turned-{turns}"] = numpy.ascontiguousarray(numpy.rot90(base, turns))
    for name, pixels in files.items():
        path = folder / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png(pixels))
    return folder


@pytest.mark.parametrize("rotations", [False, True])
def test_pairwise_distances_and_their_order_are_those_of_scipy(awkward, tmp_path, rotations):
    keys, vectors = vectors_of(awkward, tmp_path)
    output = tmp_path / "n.h5"
    options = ["--rotations"] if rotations else []
    top = len(keys) - 1
    result = validated(
        "neighbours",
        geoatlas_run(
            "neighbours", awkward, "--output", output, "-n", top, "--model", "pairwise", "--json",
            *options,
        ),
    )
    assert (result["images"], result["n"]) == (len(keys), top)
    found = contents(output)
    assert [key.decode() for key in found["keys"]] == keys
    indices, distances = found["pairwise/indices"], found["pairwise/distances"]
    turns = found["pairwise/rotations"]
    assert (indices.dtype, distances.dtype, turns.dtype) == (
        numpy.int32, numpy.float64, numpy.int16)
    for i in range(len(keys)):
        assert sorted(indices[i]) == [j for j in range(len(keys)) if j != i]
        for j, found_distance, turn in zip(indices[i], distances[i], turns[i], strict=True):
            of_turns = [distance(vectors[i, 0], vectors[j, t]) for t in range(4)]
            if not rotations:
                of_turns = of_turns[:1]
            assert found_distance == pytest.approx(min(of_turns), abs=1e-9), (keys[i], keys[j])
            assert of_turns[turn // 90] == pytest.approx(min(of_turns), abs=1e-9)
            # The smallest of equally good turns.
            assert all(worse > found_distance + 1e-9 for worse in of_turns[: turn // 90])
        order = list(zip(distances[i], indices[i], strict=True))
        assert order == sorted(order)


def test_copies_turned_pictures_negatives_and_constants_are_what_they_should_be(awkward):
    def match(candidate, target, *options):
        [result] = validated(
            "similar",
            geoatlas_run(
                "similar", awkward, candidate, "-n", 40, "--model", "pairwise", "--json", *options
            ),
        )
        [found] = [m for m in result["pairwise"]["matches"] if m["key"] == target]
        return found

    copy = match("schist/base", "schist/copy")
    assert (copy["distance"], copy["score"], copy["rotation"]) == (0, 100, 0)
    assert match("schist/base", "schist/negative")["distance"] == pytest.approx(2, abs=1e-12)
    for turns in (1, 2, 3):
        found = match("schist/base", f"schist/turned-{turns}", "--rotations")
        # The target was turned by 90 · turns, so it takes the rest of the circle to match.
        assert (found["distance"], found["rotation"]) == (0, 360 - 90 * turns)
    for target in ("schist/base", "marble/constant-1"):
        found = match("marble/constant-0", target, "--rotations")
        assert (found["distance"], found["score"], found["rotation"]) == (1, 50, 0)


def test_a_constant_candidate_gets_its_targets_in_key_order(awkward):
    [result] = validated(
        "similar",
        geoatlas_run(
            "similar", awkward, "marble/constant-0", "-n", 5, "--model", "pairwise", "--json"
        ),
    )
    assert [match["key"] for match in result["pairwise"]["matches"]] == [
        f"andesite/random-{i:02}" for i in range(5)
    ]


def test_a_key_leaves_itself_out_and_a_file_leaves_nothing_out(awkward):
    file = awkward / "schist" / "base.png"
    by_key, by_dotted_key, by_file = validated(
        "similar",
        geoatlas_run(
            "similar", awkward, "schist/base", "schist.base", file, "--rotations", "--json"
        ),
    )
    assert [result["candidate"] for result in (by_key, by_dotted_key, by_file)] == [
        "schist/base", "schist.base", str(file)]
    for panel in ("kmeans", "pairwise"):
        assert by_key[panel] == by_dotted_key[panel]
        assert "schist/base" not in [match["key"] for match in by_key[panel]["matches"]]
        matches = by_file[panel]["matches"]
        assert len({match["key"] for match in matches}) == len(matches)
    assert [match["key"] for match in by_file["pairwise"]["matches"]][:2] == [
        "schist/base", "schist/copy"]
    for match in by_file["pairwise"]["matches"]:
        assert match["score"] == pytest.approx(100 * (1 - match["distance"] / 2), abs=1e-12)


def test_an_unusable_candidate_keeps_its_place_and_names_keys_near_it(awkward, tmp_path):
    (tmp_path / "notes.jpg").write_bytes(b"no picture")
    names = ["schist/base", "copy", "nothing-at-all", tmp_path / "notes.jpg", "schist/copy"]
    results = validated("similar", geoatlas_run("similar", awkward, *names, "--json"), status=1)
    assert [result["candidate"] for result in results] == [str(name) for name in names]
    assert ["error" in result for result in results] == [False, True, True, True, False]
    assert "schist/copy" in results[1]["error"]
    assert "neither a key of the collection nor a picture file" in results[2]["error"]
    assert "neither a JPEG nor a PNG" in results[3]["error"]


def test_the_kmeans_panel_stays_within_the_cluster(sample, tmp_path):
    model, output = tmp_path / "k.h5", tmp_path / "n.h5"
    validated(
        "cluster", geoatlas_run("cluster", sample, "--k", "1...10", "--output", model, "--json")
    )
    validated("neighbours", geoatlas_run("neighbours", sample, "--output", output, "--json"))
    keys, vectors = vectors_of(sample, tmp_path)
    with h5py.File(model) as file:
        centroids = file["centroids"][:].astype(numpy.float64)
        sizes = file["sizes"][:]
    points = vectors[:, 0] / 255
    clusters = ((points[:, None] - centroids[None]) ** 2).sum(axis=2).argmin(axis=1)
    assert list(sizes) == sorted(sizes, reverse=True)
    numpy.testing.assert_array_equal(numpy.bincount(clusters), sizes)
    found = contents(output)
    top = found["kmeans/indices"].shape[1]
    assert top == 12
    for i in range(len(keys)):
        members = [j for j in numpy.flatnonzero(clusters == clusters[i]) if j != i]
        ranked = sorted(members, key=lambda j: (distance(vectors[i, 0], vectors[j, 0]), j))[:top]
        indices = found["kmeans/indices"][i]
        assert list(indices[: len(ranked)]) == ranked, keys[i]
        assert (indices[len(ranked) :] == -1).all()
        assert numpy.isnan(found["kmeans/distances"][i][len(ranked) :]).all()


def test_inertia_is_at_most_half_a_percent_above_that_of_scikit_learn(sample, tmp_path):
    result = validated("cluster", geoatlas_run("cluster", sample, "--json"))
    assert (result["images"], result["restarts"]) == (120, 10)
    _, vectors = vectors_of(sample, tmp_path)
    points = vectors[:, 0] / 255
    for k in range(1, 11):
        peer = KMeans(n_clusters=k, n_init=10, random_state=0).fit(points).inertia_
        assert result["inertia"][str(k)] <= peer * 1.005, k
        # Nor better than any peer finds by a mistake in the sum: within two percent.
        assert result["inertia"][str(k)] >= peer * 0.98, k


def test_inertia_is_the_sum_of_squares_to_the_saved_centroids(sample, tmp_path):
    for options, turns in (([], 1), (["--rotations"], 4)):
        model = tmp_path / "k.h5"
        result = validated(
            "cluster",
            geoatlas_run("cluster", sample, "--k", 4, "--output", model, "--json", *options),
        )
        assert result["suggested"] == 4 and list(result["inertia"]) == ["4"]
        _, vectors = vectors_of(sample, tmp_path)
        points = vectors[:, :turns].reshape(-1, 2352) / 255
        with h5py.File(model) as file:
            centroids = file["centroids"][:].astype(numpy.float64)
            assert list(file["elbow/k"]) == [4]
            assert file.attrs["rotations"] == (turns == 4)
        squares = ((points[:, None] - centroids[None]) ** 2).sum(axis=2).min(axis=1).sum()
        assert result["inertia"]["4"] == pytest.approx(squares, rel=1e-5)


def test_more_clusters_than_pictures_are_not_asked_for(awkward):
    result = validated(
        "cluster", geoatlas_run("cluster", awkward, "--k", "30...60", "--restarts", 1, "--json")
    )
    # 33 pictures, of which one is a copy.
    assert list(result["inertia"]) == ["30", "31", "32"]
    assert result["inertia"]["32"] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    "options, sentence",
    [
        (["--k", "3"], "33 pictures, 3 clusters, as asked for"),
        (["--k", "1"], "33 pictures, 1 cluster, as asked for"),
        # One of the pictures is a copy.
        (["--k", "33"], "33 pictures, 32 clusters: there are no more different pictures"),
        (["--k", "40...60"], "33 pictures, 32 clusters: there are no more different pictures"),
    ],
)
def test_clusters_are_told_with_their_reason(awkward, options, sentence):
    words = geoatlas_run("cluster", awkward, "--restarts", 1, *options)
    assert words.stdout == sentence + "\n"


def test_a_suggested_number_of_clusters_is_told_as_one(awkward):
    command = ["cluster", awkward, "--restarts", 1, "--k", "1...4"]
    suggested = validated("cluster", geoatlas_run(*command, "--json"))["suggested"]
    words = geoatlas_run(*command)
    assert words.stdout.endswith(" suggested by the elbow curve\n")
    assert words.stdout.startswith(f"33 pictures, {suggested} cluster")


@pytest.mark.parametrize(
    "options, sentence",
    [
        (["-n", "5"], "5 targets for each of 33 pictures"),
        (["-n", "1"], "1 target for each of 33 pictures"),
        (["-n", "500"], "at most 32 targets for each of 33 pictures"),
        (["-n", "5", "--model", "kmeans"], "at most 5 targets for each of 33 pictures"),
    ],
)
def test_no_more_targets_are_promised_than_there_are(awkward, tmp_path, options, sentence):
    words = geoatlas_run("neighbours", awkward, "--output", tmp_path / "n.h5", *options)
    assert words.stdout == sentence + "\n"


def test_clusters_have_one_number_in_words_and_in_json(sample):
    command = ["similar", sample, "gneiss/gn-0001", "--model", "kmeans"]
    found = validated("similar", geoatlas_run(*command, "--json"))[0]["kmeans"]
    words = geoatlas_run(*command).stdout.splitlines()
    assert words[1] == f"  K-Means, cluster {found['cluster']} of {found['k']}"
    assert "numbered from 0" in geoatlas_run("similar", "--help").stdout


def test_the_number_of_threads_changes_nothing(sample, tmp_path):
    outputs = []
    for jobs in (1, 2, 5):
        model, table = tmp_path / f"k{jobs}.h5", tmp_path / f"n{jobs}.h5"
        options = ["--jobs", jobs, "--rotations", "--seed", 3, "--json"]
        clusters = validated("cluster", geoatlas_run("cluster", sample, "--output", model, *options))
        geoatlas_run("neighbours", sample, "--output", table, *options)
        outputs.append((clusters["inertia"], model.read_bytes(), table.read_bytes()))
    assert outputs[0] == outputs[1] == outputs[2]


@pytest.fixture(scope="module")
def extreme(tmp_path_factory):
    """Pictures of black and white bytes, on which sums of 16 bits overflow, all 28 × 28."""
    folder = tmp_path_factory.mktemp("extreme") / "rocks"
    generator = numpy.random.default_rng(5)
    white = numpy.full((28, 28, 3), 255, numpy.uint8)
    files = {}
    for i in range(12):
        files[f"gneiss/half-{i:02}"] = 255 * generator.integers(0, 2, (28, 28, 3), numpy.uint8)
        few = white.copy()
        few.reshape(-1)[generator.choice(2352, 3 + i, replace=False)] = 0
        files[f"marble/white-{i:02}"] = few
        files[f"schist/black-{i:02}"] = 255 - few
    for name, pixels in files.items():
        path = folder / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png(pixels))
    return folder


@pytest.mark.parametrize("isa", ["AVX2", "AVX512_CORE", "AVX512_CORE_VNNI", "ALL"])
def test_products_are_exact_with_the_instructions_of_every_processor(extreme, tmp_path, isa):
    environment = {**os.environ, "ONEDNN_MAX_CPU_ISA": isa}
    keys, vectors = vectors_of(extreme, tmp_path)
    output, model = tmp_path / "n.h5", tmp_path / "k.h5"
    options = ["--rotations", "--json"]
    validated(
        "neighbours",
        geoatlas_run(
            "neighbours", extreme, "--output", output, "-n", len(keys) - 1, "--model", "pairwise",
            *options, env=environment,
        ),
    )
    found = contents(output)
    whole = vectors.astype(numpy.int64)
    sums = whole[:, 0].sum(axis=1)
    spreads = 2352 * (whole[:, 0] ** 2).sum(axis=1) - sums**2
    products = numpy.stack([whole[:, 0] @ whole[:, turn].T for turn in range(4)])
    roots = numpy.sqrt(spreads.astype(float))
    distances = 1 - (2352 * products - numpy.outer(sums, sums)) / numpy.outer(roots, roots)
    for i in range(len(keys)):
        nearest = distances[:, i].min(axis=0)
        order = sorted((nearest[j], j) for j in range(len(keys)) if j != i)
        numpy.testing.assert_allclose(
            found["pairwise/distances"][i], [value for value, _ in order], rtol=0, atol=1e-12)
        chosen = found["pairwise/indices"][i]
        numpy.testing.assert_allclose(
            nearest[chosen], found["pairwise/distances"][i], rtol=0, atol=1e-12)
    validated(
        "cluster",
        geoatlas_run(
            "cluster", extreme, "--k", 5, "--output", model, *options, env=environment),
    )
    with h5py.File(model) as file:
        centroids, sizes = file["centroids"][:].astype(numpy.float64), file["sizes"][:]
        inertia = file["elbow/inertia"][0]
    points = vectors.reshape(-1, 2352) / 255
    squares = ((points[:, None] - centroids[None]) ** 2).sum(axis=2)
    numpy.testing.assert_array_equal(numpy.bincount(squares.argmin(axis=1)), sizes)
    assert inertia == pytest.approx(squares.min(axis=1).sum(), rel=1e-6)


def test_how_each_start_ended_is_told(sample):
    result = validated(
        "cluster", geoatlas_run("cluster", sample, "--k", "1...5", "--restarts", 4, "--json"))
    starts = result["starts"]
    # Four for each k but 1, where all are the same; three more from the fits of k + 1 below 5.
    assert [sum(start["k"] == k for start in starts) for k in range(1, 6)] == [1, 7, 7, 7, 4]
    for k in range(1, 6):
        own = [start for start in starts if start["k"] == k]
        assert [start["restart"] for start in own] == list(range(len(own)))
        assert min(start["inertia"] for start in own) == result["inertia"][str(k)]
        assert all(start["iterations"] >= (1 if k == 1 else 2) for start in own)


@pytest.mark.parametrize("packed", [False, True])
def test_a_workspace_changes_no_answer_also_when_the_collection_changes(sample, tmp_path, packed):
    rocks, workspace, archive = tmp_path / "rocks", tmp_path / "work", tmp_path / "rocks.zip"
    shutil.copytree(sample, rocks)

    def collection():
        if not packed:
            return rocks
        archive.unlink(missing_ok=True)
        return shutil.make_archive(tmp_path / "rocks", "zip", rocks)

    def answers(*options):
        path = collection()
        command = ["similar", path, "gneiss/gn-0001", "--json", *options]
        kept = geoatlas_run(*command, "--workspace", workspace)
        assert kept.stdout == geoatlas_run(*command).stdout
        return kept

    first = answers()
    assert "cluster" in first.stderr
    again = answers()
    # What was fitted is not fitted again.
    assert again.stdout == first.stdout and "cluster" not in again.stderr
    nearest = validated("similar", again)[0]["pairwise"]["matches"][0]["key"]
    # The nearest gets the content of another and keeps its time; then the other goes.
    [target] = rocks.glob(f"{nearest}.*")
    [other] = rocks.glob("marble/ma-0003.*")
    times = target.stat()
    target.write_bytes(other.read_bytes())
    os.utime(target, ns=(times.st_atime_ns, times.st_mtime_ns))
    changed = validated("similar", answers("--rotations", "-n", 200))[0]["pairwise"]["matches"]
    found = {match["key"]: (match["distance"], match["rotation"]) for match in changed}
    assert found[nearest] == found["marble/ma-0003"]
    other.unlink()
    gone = answers("--rotations", "-n", 200)
    keys = [match["key"] for match in validated("similar", gone)[0]["pairwise"]["matches"]]
    assert len(keys) == 118 and "marble/ma-0003" not in keys


def test_a_build_prepares_its_workspace_for_similar(sample, tmp_path):
    workspace = tmp_path / "work"
    built = geoatlas_run(
        "build", sample, "--classifier", "conv1l", "--epochs", 1, "--folds", 0, "--output",
        tmp_path / "public", "--workspace", workspace, "--review", tmp_path / "review", "--content",
        ROOT / "content", "--templates", ROOT / "templates", "--quiet", cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    command = ["similar", sample, "gneiss/gn-0001", "--json"]
    quick = geoatlas_run(*command, "--workspace", workspace)
    assert "cluster" not in quick.stderr
    assert quick.stdout == geoatlas_run(*command).stdout


def test_a_seed_repeats_and_another_draws_other_starts(awkward, tmp_path):
    def model(seed):
        path = tmp_path / "k.h5"
        options = ["--k", 7, "--restarts", 1, "--seed", seed, "--output", path, "--quiet"]
        assert geoatlas_run("cluster", awkward, *options).returncode == 0
        return path.read_bytes()

    first = model(1)
    assert model(1) == first
    assert any(model(seed) != first for seed in (2, 3, 4))


@pytest.mark.parametrize(
    "name,options",
    [
        ("pairwise_correlation_top12", []),
        ("pairwise_correlation_rotations_top12", ["--rotations"]),
    ],
)
def test_targets_in_the_reference_collection_are_the_published_ones(
    shared, reference, tmp_path, name, options
):
    expected = json.loads((shared / "expected" / f"{name}.json").read_text())
    output = tmp_path / "n.h5"
    result = validated(
        "neighbours",
        geoatlas_run(
            "neighbours", reference, "--output", output, "-n", expected["k"], "--model",
            "pairwise", "--json", *options,
        ),
    )
    assert result["images"] == 26398
    found = contents(output)
    keys = [key.decode() for key in found["keys"]]
    place = {key: index for index, key in enumerate(keys)}
    assert len(expected["queries"]) >= 10
    for query, matches in expected["queries"].items():
        row = place[query]
        assert [keys[i] for i in found["pairwise/indices"][row]] == [m["key"] for m in matches]
        numpy.testing.assert_allclose(
            found["pairwise/distances"][row], [m["distance"] for m in matches], rtol=0, atol=1e-9
        )
        assert list(found["pairwise/rotations"][row]) == [m.get("rotation", 0) for m in matches]


@pytest.mark.slow
def test_inertia_on_the_reference_collection_is_that_of_scikit_learn(shared, reference):
    published = json.loads((shared / "expected" / "kmeans_inertias.json").read_text())["inertia"]
    result = validated("cluster", geoatlas_run("cluster", reference, "--json"))
    assert set(result["inertia"]) == set(published)
    for k, inertia in published.items():
        assert result["inertia"][k] <= inertia * 1.005, k
