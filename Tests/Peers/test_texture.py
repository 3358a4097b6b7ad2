"""The likeness model of colours and textures, beside NumPy and SciPy."""

import itertools

import h5py
import numpy
import pytest
from conftest import geoatlas_run, smooth, validated
from PIL import Image
from scipy.ndimage import gaussian_filter, map_coordinates
from sklearn.cluster import KMeans

PARTS = [(0, 128, 1), (128, 182, 1), (182, 329, 2)]


@pytest.fixture(scope="session")
def sample(small_sample):
    return small_sample


def texture(number):
    """Waves and blotches, different for each number; not square."""
    rng = numpy.random.default_rng(number)
    x, y = numpy.meshgrid(numpy.arange(150), numpy.arange(110))
    waves = numpy.sin(x * rng.uniform(-1, 1) + y * rng.uniform(-1, 1))
    blotches = gaussian_filter(rng.normal(size=(110, 150)), rng.uniform(0.5, 3))
    grey = waves * rng.uniform(0, 1) + blotches / blotches.std()
    picture = smooth(150, 110) * rng.uniform(0.3, 0.7) + 40 * grey[..., None] * rng.uniform(0.5, 1, 3)
    return picture.clip(0, 255).astype(numpy.uint8)


def colours(pixels):
    """Hue in 8 bins, saturation and value in 4 each, by the hexagon formula in exact numbers."""
    red, green, blue = pixels.reshape(-1, 3).astype(int).T
    most, least = pixels.reshape(-1, 3).max(1).astype(int), pixels.reshape(-1, 3).min(1).astype(int)
    spread = most - least
    safe = numpy.maximum(spread, 1)
    sixths = numpy.where(
        most == red, (green - blue) % (6 * safe), numpy.where(
            most == green, blue - red + 2 * spread, red - green + 4 * spread))
    hue = numpy.where(spread > 0, sixths * 8 // (6 * safe), 0)
    saturation = numpy.minimum(3, spread * 4 // numpy.maximum(most, 1))
    value = numpy.minimum(3, most * 4 // 255)
    return [numpy.bincount((hue * 4 + saturation) * 4 + value, minlength=128)]


def patterns(grey):
    """Uniform rotation-invariant local binary patterns, with SciPy's linear interpolation."""
    found = []
    for points, radius in ((8, 1), (16, 2), (24, 3)):
        border = radius + 1
        y, x = numpy.mgrid[border:grey.shape[0] - border, border:grey.shape[1] - border]
        angles = 2 * numpy.pi * numpy.arange(points) / points
        values = numpy.array([
            map_coordinates(grey, [y - radius * numpy.sin(angle), x + radius * numpy.cos(angle)], order=1)
            for angle in angles])
        bits = values >= grey[y, x] - 0.001 / 255
        changes = (bits != numpy.roll(bits, 1, axis=0)).sum(0)
        codes = numpy.where(changes <= 2, bits.sum(0), points + 1)
        found.append(numpy.bincount(codes.ravel(), minlength=points + 2))
    return found


def features(grey):
    """Basic image features of Crosier and Griffin (2010), with SciPy's Gaussians."""
    maps = []
    for scale in (1, 2, 4, 8):
        level, x, y, xx, yy, xy = (
            gaussian_filter(grey, scale, order=order)
            for order in ((0, 0), (0, 1), (1, 0), (0, 2), (2, 0), (1, 1)))
        total, difference = scale**2 * (xx + yy), scale**2 * (xx - yy)
        shape = numpy.hypot(difference, 2 * scale**2 * xy)
        maps.append(numpy.stack([
            0.011 * level, 2 * scale * numpy.hypot(x, y), total, -total, (shape + total) / 2**0.5,
            (shape - total) / 2**0.5, shape]).argmax(0).ravel())
    return [numpy.bincount(fine * 7 + coarse, minlength=49) for fine, coarse in itertools.pairwise(maps)]


def descriptor(pixels):
    grey = pixels @ numpy.array([0.299, 0.587, 0.114]) / 255
    counts = colours(pixels) + patterns(grey) + features(grey)
    return numpy.concatenate([numpy.sqrt(part / part.sum()) for part in counts])


def distances(rows):
    """1 − the weighted mean of the cosines of the parts, each less the mean of the collection."""
    centred = rows - rows.mean(0)
    total = 0
    for start, end, weight in PARTS:
        part = centred[:, start:end]
        part = part / numpy.linalg.norm(part, axis=1, keepdims=True)
        total = total + weight * part @ part.T
    return 1 - total / sum(weight for _, _, weight in PARTS)


@pytest.fixture(scope="module")
def rocks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("texture") / "rocks"
    for number in range(24):
        place = folder / ("basalt" if number < 12 else "gneiss")
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(texture(number)).save(place / f"p{number:02}.png")
    return folder


@pytest.fixture(scope="module")
def built(rocks, tmp_path_factory):
    folder = tmp_path_factory.mktemp("texture-atlas")
    (folder / "content").mkdir()
    (folder / "content/atlas.yml").write_text(
        "types: [basalt, gneiss]\nneighbours: {models: [pairwise, texture], top: 5}\n")
    return folder, build(rocks, folder)


def build(rocks, folder, output="public", workspace="workspace"):
    return validated("build", geoatlas_run(
        "build", rocks, "--content", folder / "content", "--output", folder / output, "--workspace",
        folder / workspace, "--review", folder / "review", "--classifier", "conv1l", "--epochs", 1,
        "--folds", 0, "--no-times", "--json", "--quiet"))


def test_descriptors_are_those_of_numpy_and_scipy(built):
    folder, _ = built
    with h5py.File(folder / "workspace/textures.h5") as file:
        rows = file["features"][()]
    expected = numpy.array([descriptor(texture(number)) for number in range(24)])
    # Colours are counted in whole numbers. A few pixels of the others lie on a limit of two kinds, and
    # single precision decides otherwise than double.
    numpy.testing.assert_allclose(rows[:, :128], expected[:, :128], rtol=0, atol=1e-6)
    assert numpy.abs(rows**2 - expected**2)[:, 128:].max() < 0.001
    assert numpy.abs((rows**2).sum(1) - 7).max() < 1e-5


def test_targets_are_ordered_by_the_weighted_cosines(built):
    folder, _ = built
    with h5py.File(folder / "workspace/textures.h5") as file:
        expected = distances(file["features"][()].astype(float))
    numpy.fill_diagonal(expected, numpy.inf)
    with h5py.File(folder / "workspace/texture.h5") as file:
        indices, found = file["texture/indices"][()], file["texture/distances"][()]
    order = numpy.argsort(expected, axis=1, kind="stable")[:, :5]
    numpy.testing.assert_array_equal(indices, order)
    numpy.testing.assert_allclose(
        found, numpy.take_along_axis(expected, order, axis=1), rtol=0, atol=1e-6)


def rows_of(folder):
    """The rows that are compared: each part less its mean, at the length of the root of its weight."""
    with h5py.File(folder / "workspace/textures.h5") as file:
        rows = file["features"][()].astype(float)
    parts = [(rows - rows.mean(0))[:, start:end] for start, end, _ in PARTS]
    weights = [weight for _, _, weight in PARTS]
    return numpy.hstack([
        part / numpy.linalg.norm(part, axis=1, keepdims=True) * (weight / sum(weights)) ** 0.5
        for part, weight in zip(parts, weights, strict=True)])


def test_clusters_are_as_good_as_those_of_scikit_learn(rocks, tmp_path):
    (tmp_path / "content").mkdir()
    (tmp_path / "content/atlas.yml").write_text(
        "types: [basalt, gneiss]\nneighbours: {models: [kmeans-texture, texture], top: 5}\n")
    build(rocks, tmp_path)
    rows = rows_of(tmp_path)
    with h5py.File(tmp_path / "workspace/kmeans-texture.h5") as file:
        centroids, assignments = file["centroids"][()], file["assignments"][()]
        sizes, ks, inertia = file["sizes"][()], file["elbow/k"][()], file["elbow/inertia"][()]
    # Our centroids are a fixed point of scikit-learn's iterations.
    fitted = KMeans(len(sizes), init=centroids.astype(float), n_init=1, tol=0).fit(rows)
    numpy.testing.assert_array_equal(fitted.labels_, assignments)
    numpy.testing.assert_array_equal(numpy.bincount(assignments), sizes)
    assert fitted.inertia_ == pytest.approx(inertia[len(sizes) - 1], rel=1e-5)
    for k, own in zip(ks, inertia, strict=True):
        best = KMeans(int(k), n_init=10, tol=0, random_state=0).fit(rows).inertia_
        assert own < best * 1.02, k
    # Targets within the cluster are those of the whole ranking that are in it.
    expected = distances_of(rows)
    numpy.fill_diagonal(expected, numpy.inf)
    expected[assignments[:, None] != assignments] = numpy.inf
    with h5py.File(tmp_path / "workspace/texture.h5") as file:
        indices = file["kmeans-texture/indices"][()]
    order = numpy.argsort(expected, axis=1, kind="stable")[:, :5]
    order[numpy.take_along_axis(expected, order, axis=1) == numpy.inf] = -1
    numpy.testing.assert_array_equal(indices, order)
    page = (tmp_path / "public/similarity.html").read_text()
    assert "K-Means on texture and Pairwise on texture have" in page
    assert "nearest to the mean of the cluster" in page


def distances_of(rows):
    return 1 - rows @ rows.T


def test_pages_and_trial_know_the_model(built):
    folder, result = built
    assert result["seconds"]["textures"] > 0
    page = next((folder / "public/basalt").glob("*/p00.html")).read_text()
    assert "Nearest by colour and texture" in page
    assert "Pairwise on texture" in (folder / "public/similarity.html").read_text()
    assert '"texture"' in (folder / "review/key.json").read_text()


def test_a_turned_and_mirrored_picture_is_nearest(rocks, tmp_path):
    turned = numpy.rot90(texture(7))[:, ::-1]
    Image.fromarray(turned).save(tmp_path / "turned.png")
    [result] = validated("similar", geoatlas_run(
        "similar", rocks, tmp_path / "turned.png", "--model", "texture", "--json", "--quiet"))
    best = result["texture"]["matches"][0]
    assert best["key"].endswith("/p07") and best["distance"] < 0.02 and best["rotation"] == 0


def test_a_file_and_a_key_have_the_same_targets(rocks):
    command = ["similar", rocks, "gneiss/p15", rocks / "gneiss/p15.png", "--model", "texture"]
    by_key, by_file = validated("similar", geoatlas_run(*command, "--json", "--quiet"))
    first, *others = by_file["texture"]["matches"]
    assert first["key"] == by_key["candidate"] and first["distance"] == 0
    assert others == by_key["texture"]["matches"][:8]


def test_built_again_it_is_as_built_from_nothing(built, tmp_path):
    folder, _ = built
    rocks = tmp_path / "rocks"
    for number in range(23):
        place = rocks / ("basalt" if number < 12 else "gneiss")
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(texture(number)).save(place / f"p{number:02}.png")
    build(rocks, folder, "again", "again-workspace")
    Image.fromarray(texture(99)).save(rocks / "gneiss/p99.png")
    build(rocks, folder, "again", "again-workspace")
    build(rocks, folder, "nothing", "other-workspace")
    files = ["textures.h5", "texture.h5"]
    for name in files:
        first = (folder / "again-workspace" / name).read_bytes()
        assert first == (folder / "other-workspace" / name).read_bytes(), name


def test_clusters_of_textures_are_fitted_once_for_all_queries(sample, tmp_path):
    def similar(*more):
        run = geoatlas_run(
            "similar", sample, "gneiss/gn-0003", "--model", "kmeans-texture", "--workspace", tmp_path,
            "--json", *more)
        return run.stdout, "cluster" in run.stderr

    first, fits = similar()
    second, fits_again = similar()
    assert fits and not fits_again
    assert first == second
    assert (tmp_path / "similar/kmeans-texture.h5").is_file()
