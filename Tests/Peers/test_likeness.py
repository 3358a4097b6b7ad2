"""`cluster`, `similar` and `neighbours` against SciPy, scikit-learn and published values."""

import csv
import fcntl
import io
import json
import os
import re
import shutil

import h5py
import numpy
import pytest
from conftest import ROOT, conv2l_features, failure, geoatlas_run, noise, validated
from PIL import Image
from scipy.spatial.distance import correlation
from scipy.stats import norm
from sklearn.cluster import KMeans
from sklearn.metrics.pairwise import cosine_distances

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
    """Pictures for which rounding errors would change a correlation, all 28 × 28."""
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
    assert "no picture in a format" in results[3]["error"]


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
    assert words.stdout.splitlines()[0] == sentence


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
    # The nearest picture gets the content of another one with an unchanged time; then the other is removed.
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
    # While a build holds the workspace, the command still answers and changes nothing there.
    before = {path: path.stat().st_mtime_ns for path in workspace.rglob("*")}
    with open(workspace / ".lock", "r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        beside = geoatlas_run(*command, "--rotations", "--workspace", workspace)
    assert "is in use by another geoatlas" in beside.stderr
    assert beside.stdout == geoatlas_run(*command, "--rotations").stdout
    assert before == {path: path.stat().st_mtime_ns for path in workspace.rglob("*")}


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
        pytest.param("pairwise_correlation_rotations_top12", ["--rotations"], marks=pytest.mark.slow),
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


@pytest.fixture(scope="module")
def network(sample, tmp_path_factory):
    """A workspace in which a build has left a network, and that network's file."""
    folder = tmp_path_factory.mktemp("network")
    result = geoatlas_run(
        "build", sample, "--output", folder / "public", "--workspace", folder / "workspace",
        "--review", folder / "review", "--classifier", "conv2l", "--folds", 0, "--epochs", 4,
        "--quiet")
    assert result.returncode == 0, result.stderr
    [model] = (folder / "workspace/networks").glob("*.h5")
    return folder / "workspace", model


@pytest.mark.parametrize("rotations", [False, True])
def test_the_embedding_ranks_by_the_cosine_of_the_features(sample, network, tmp_path, rotations):
    workspace, model = network
    keys, vectors = vectors_of(sample, tmp_path)
    pictures = vectors.reshape(len(keys), 4, 28, 28, 3)
    turns = range(4 if rotations else 1)
    features = [conv2l_features(model, pictures[:, turn]) for turn in turns]
    # The candidate against the target in each turn, (turn, candidate, target).
    distances = numpy.stack([cosine_distances(features[0], turned) for turned in features])
    best = distances.min(axis=0)
    output = tmp_path / "n.h5"
    options = ["--rotations"] if rotations else []
    top = len(keys) - 1
    validated("neighbours", geoatlas_run(
        "neighbours", sample, "--output", output, "-n", top, "--model", "embedding",
        "--workspace", workspace, "--json", *options))
    found = contents(output)
    assert sorted(name for name in found if "/" in name) == [
        f"embedding/{name}" for name in ("distances", "indices", "kinds", "rotations")]
    indices, rows = found["embedding/indices"], numpy.arange(len(keys))[:, None]
    # Features are single precision in the program and double here.
    numpy.testing.assert_allclose(
        found["embedding/distances"], best[rows, indices], rtol=0, atol=1e-6)
    turned = found["embedding/rotations"] // 90
    numpy.testing.assert_allclose(distances[turned, rows, indices], best[rows, indices], atol=1e-6)
    assert (turned == 0).all() != rotations
    assert (numpy.diff(found["embedding/distances"], axis=1) >= 0).all()
    for own, targets in enumerate(indices):
        assert sorted(targets) == [other for other in range(len(keys)) if other != own]


def test_all_models_answer_at_once_and_as_they_do_alone(sample, network, tmp_path):
    workspace, model = network
    single = {}
    for name in ("kmeans", "pairwise", "embedding"):
        [single[name]] = validated("similar", geoatlas_run(
            "similar", sample, "gneiss/gn-0003", "--model", name, "--classifier", model, "--json"))
        assert set(single[name]) == {"candidate", name}
    command = ["similar", sample, "gneiss/gn-0003", "--workspace", workspace]
    [every] = validated("similar", geoatlas_run(*command, "--model", "all", "--json"))
    for name, alone in single.items():
        assert every[name] == alone[name]
        assert len(every[name]["matches"]) == 9
    [both] = validated("similar", geoatlas_run(*command, "--json"))
    assert set(both) == {"candidate", "kmeans", "pairwise"}
    words = geoatlas_run(*command, "--model", "all").stdout
    heads = [line for line in words.splitlines() if line.startswith("  ") and line[2] != " "]
    assert len(heads) == len(every) - 1 and "  Pairwise on the embedding" in heads


def test_a_file_and_a_key_get_the_same_embedding(sample, network):
    workspace, _ = network
    [file] = (sample / "gneiss").glob("gn-0003.*")
    by_key, by_file = validated("similar", geoatlas_run(
        "similar", sample, "gneiss/gn-0003", file, "--model", "embedding", "--workspace", workspace,
        "--json"))
    first, *others = by_file["embedding"]["matches"]
    assert (first["key"], first["distance"], first["score"]) == ("gneiss/gn-0003", 0, 100)
    assert others == by_key["embedding"]["matches"][:8]


def test_the_embedding_repeats_for_any_number_of_threads(sample, network, tmp_path):
    workspace, _ = network
    tables = []
    for jobs in (1, 2, 5):
        output = tmp_path / f"n{jobs}.h5"
        geoatlas_run(
            "neighbours", sample, "--output", output, "--model", "all", "--rotations", "--workspace",
            workspace, "--jobs", jobs, "--quiet")
        tables.append(output.read_bytes())
    assert tables[0] == tables[1] == tables[2]


def test_without_a_network_the_embedding_says_what_to_do(sample, tmp_path):
    for command in (["similar", sample, "gneiss/gn-0003"],
                    ["neighbours", sample, "--output", tmp_path / "n.h5"]):
        line = failure(geoatlas_run(
            *command, "--model", "embedding", "--workspace", tmp_path / "none", "--quiet"))
        assert "--classifier" in line and "build" in line
    missing = tmp_path / "gone.h5"
    line = failure(geoatlas_run(
        "similar", sample, "gneiss/gn-0003", "--model", "all", "--classifier", missing, "--quiet"))
    assert str(missing) in line


def wilson(share, count):
    z = norm.ppf(0.975)
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * numpy.sqrt(
        (share * (1 - share) + z * z / (4 * count)) / count)
    return [centre - half, centre + half]


def test_targets_of_the_same_type_are_counted(sample, network, tmp_path):
    workspace, _ = network
    output, table = tmp_path / "n.h5", tmp_path / "m.csv"
    geoatlas_run(
        "dataset", sample, "--output", tmp_path / "d.h5", "--metadata", table, "--quiet")
    with open(table, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    command = ["neighbours", sample, "--output", output, "--model", "all", "--workspace", workspace]
    result = validated("neighbours", geoatlas_run(*command, "--json"))["sameType"]
    asked = [i for i, row in enumerate(rows) if row["split"] == "test"]
    assert (result["n"], result["queries"]) == (9, len(asked))
    found = contents(output)
    for model in ("kmeans", "pairwise", "embedding"):
        for kind, rate in [("all", result["models"][model]["all"]),
                           *result["models"][model]["byType"].items()]:
            own = [i for i in asked if kind in ("all", rows[i]["label"])]
            lists = [[j for j in found[f"{model}/indices"][i][:9] if j >= 0] for i in own]
            hits = numpy.array([
                sum(rows[j]["label"] == rows[i]["label"] for j in targets)
                for i, targets in zip(own, lists, strict=True)], float)
            totals = numpy.array([len(targets) for targets in lists], float)
            share = hits.sum() / totals.sum()
            assert (rate["queries"], rate["targets"]) == (len(own), totals.sum())
            assert rate["share"] == pytest.approx(share, abs=1e-12)
            # As many as there would be if the targets of one picture were always the same (Kish).
            count = totals.sum() ** 2 / (totals ** 2).sum()
            if 0 < share < 1 and len(own) > 1:
                variance = ((hits - share * totals) ** 2).sum() * count / (count - 1)
                variance /= totals.sum() ** 2
                free = share * (1 - share) / variance if variance else totals.sum()
                count = min(totals.sum(), max(count, free))
            low, high = wilson(share, count)
            assert rate["interval"] == pytest.approx(
                [0 if share == 0 else low, 1 if share == 1 else high], abs=1e-9)
    words = geoatlas_run(*command).stdout.splitlines()
    assert words[1].startswith(f"Of the first 9 targets of {len(asked)} test pictures share the type: ")


def test_a_saved_model_serves_a_build(sample, tmp_path):
    model = tmp_path / "k.h5"
    validated("cluster", geoatlas_run(
        "cluster", sample, "--k", 4, "--seed", 5, "--output", model, "--json"))
    with h5py.File(model) as file:
        centroids, sizes = file["centroids"][:], file["sizes"][:]
    assert centroids.shape == (4, 2352) and centroids.dtype == numpy.float32
    options = ["--workspace", tmp_path / "workspace", "--review", tmp_path / "review", "--folds", 0,
               "--classifier", "conv2l", "--epochs", 1, "--quiet"]
    build = geoatlas_run(
        "build", sample, "--output", tmp_path / "public", "--kmeans", model, *options)
    assert build.returncode == 0 and "fitted to" not in build.stderr, build.stderr
    assert not (tmp_path / "workspace/kmeans.h5").exists()
    page = (tmp_path / "public/similarity.html").read_text()
    for number, size in enumerate(sizes, start=1):
        assert f"<b>Cluster {number}</b><span class=\"num\">{size} pictures, " in page
    # The mean pictures are the centroids.
    for number, centroid in enumerate(centroids, start=1):
        [picture] = (tmp_path / "public/sprites").glob(f"cluster-{number}.*.png")
        pixels = numpy.asarray(Image.open(picture).convert("RGB")).reshape(-1)
        assert numpy.abs(pixels - centroid.astype(numpy.float64) * 255).max() <= 0.5 + 1e-4
    line = failure(geoatlas_run(
        "build", sample, "--output", tmp_path / "turned", "--kmeans", model, "--rotations", *options))
    assert "was fitted without rotations" in line


def test_the_curve_of_other_pictures_is_not_shown_as_that_of_the_collection(sample, tmp_path):
    others = tmp_path / "others"
    shutil.copytree(sample, others)
    next((others / "gneiss").iterdir()).unlink()
    model = tmp_path / "k.h5"
    options = ["--kmeans", model, "--workspace", tmp_path / "workspace", "--review",
               tmp_path / "review", "--folds", 0, "--epochs", 1, "--quiet"]
    for turned in ([], ["--rotations"]):
        geoatlas_run("cluster", others, "--k", "1...4", "--output", model, "--quiet", *turned)
        for collection in (others, sample):
            public = tmp_path / f"public-{collection.name}{len(turned)}"
            build = geoatlas_run("build", collection, "--output", public, *options, *turned)
            assert build.returncode == 0, build.stderr
            own = collection == others
            assert ("was not fitted to just these pictures" in build.stderr) != own
            page = (public / "similarity.html").read_text()
            assert ("The curve as a table" in page) == own
            assert ("of a model fitted to other pictures" in page) != own


DAMAGES = {
    "not a number": ("centroids", lambda values: values * numpy.nan, "pixels from 0 to 1"),
    "bytes": ("centroids", lambda values: values * 255, "pixels from 0 to 1"),
    "narrow": ("centroids", lambda values: values[:, :100], ", 100], which is not"),
    "fewer sizes": ("sizes", lambda values: values[1:], '"centroids" has the shape'),
    "short curve": ("elbow/inertia", lambda values: values[1:], '"elbow/inertia" has the shape'),
    "no inertia": ("elbow/inertia", lambda values: values * numpy.nan, "finite sums of squares"),
    "falling k": ("elbow/k", lambda values: values[::-1], "rising numbers"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_model_is_refused_in_one_line(sample, tmp_path, damage):
    model = tmp_path / "k.h5"
    geoatlas_run("cluster", sample, "--k", "3...6", "--output", model, "--restarts", 2, "--quiet")
    name, change, words = DAMAGES[damage]
    with h5py.File(model, "r+") as file:
        changed = change(file[name][:])
        del file[name]
        file[name] = changed
    line = failure(geoatlas_run(
        "build", sample, "--output", tmp_path / "public", "--kmeans", model, "--workspace",
        tmp_path / "workspace", "--review", tmp_path / "review", "--classifier", "conv2l", "--folds", 0,
        "--epochs", 1, "--quiet"))
    assert "k.h5" in line and words in line


def cells(page, heading, row):
    """The texts in a row of the first table after a heading."""
    table = page[page.index(heading):]
    line = next(part for part in table.split("<tr>")[1:] if row in part.split("</th>")[0])
    return [re.sub("<[^>]*>", "", cell) for cell in re.findall("<td[^>]*>(.*?)</td>", line)]


def test_an_atlas_shows_and_reviews_the_models_that_its_settings_name(sample, tmp_path):
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content)
    settings = content / "atlas.yml"
    named = "models: [pairwise, embedding]"
    settings.write_text(settings.read_text().replace("  models:\n", f"  {named}\n"))
    command = [
        "build", sample, "--content", content, "--output", tmp_path / "public", "--workspace",
        tmp_path / "workspace", "--review", tmp_path / "review", "--classifier", "conv2l", "--folds", 0,
        "--epochs", 3, "--json"]
    assert "neighbours" not in validated("build", geoatlas_run(*command))["reused"]
    assert validated("build", geoatlas_run(*command))["reused"]["neighbours"] == 2

    picture = sorted((tmp_path / "public/gneiss").glob("*/*.html"))[0].read_text()
    assert picture.index("Pairwise</h2>") < picture.index("Pairwise on the embedding</h2>")
    assert "K-Means</h2>" not in picture
    rates = validated("neighbours", geoatlas_run(
        "neighbours", sample, "--output", tmp_path / "n.h5", "--model", "all", "--workspace",
        tmp_path / "workspace", "--json"))["sameType"]
    page = (tmp_path / "public/similarity.html").read_text()
    shown = cells(page, "The same as a table", "All types")
    # First the models of the settings, then the additional one.
    for name, cell in zip(("pairwise", "embedding", "kmeans"), shown[:3], strict=True):
        share = rates["models"][name]["all"]["share"]
        assert cell.startswith(f"{100 * share:.1f}\u202f% ("), name
    assert shown[-1] == str(rates["queries"])

    key = json.loads((tmp_path / "review/key.json").read_text())
    sides = [set(sides.values()) for sides in key["comparisons"].values() if "kind" not in sides]
    assert sides and all(pair == {"pairwise", "embedding"} for pair in sides)
    (tmp_path / "votes").mkdir()
    tally = validated("votes-tally", geoatlas_run(
        "votes", "tally", tmp_path / "votes", "--key", tmp_path / "review/key.json", "--json"))
    assert (tally["pairwise"], tally["embedding"]) == (0, 0) and "kmeans" not in tally

    settings.write_text(settings.read_text().replace(named, "models: [pairwise, embeding]"))
    line = failure(geoatlas_run(*command[:-1], "--quiet"))
    number = settings.read_text().splitlines().index("  models: [pairwise, embeding]") + 1
    assert line == (
        f'{settings}, line {number}: there is no likeness model "embeding". '
        'Did you mean "embedding"?')
