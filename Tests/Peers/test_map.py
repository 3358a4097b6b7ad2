"""The map of an atlas: places, cells and tiles are the same for any number of threads and in builds again, and
odd collections have one too."""

import base64
import hashlib
import os
import re
import shutil

import h5py
import numpy
import pytest
from conftest import geoatlas_run, noise, validated
from PIL import Image
from scipy.sparse import csr_array, eye_array
from scipy.sparse.linalg import spsolve
from scipy.spatial.distance import cdist
from sklearn.manifold import trustworthiness


@pytest.fixture(scope="session")
def sample(small_sample):
    return small_sample


def build(folder, *more, name="public"):
    """Builds `folder/rocks` without training; the summary."""
    run = geoatlas_run(
        "build", folder / "rocks", "--output", folder / name, "--workspace", folder / f"{name}-workspace",
        "--review", folder / "review", "--content", folder / "content", "--classifier", "conv1l", "--epochs", 1,
        "--folds", 0, "--no-times", "--json", "--quiet", *more)
    return validated("build", run)


def contents(path):
    with h5py.File(path) as file:
        return file["places"][()], file["cells"][()], int(file.attrs["columns"])


def of_map(public):
    """Digests of the page, the data and the tiles of the map, by path."""
    files = [public / "map.html", *public.glob("data/map.*"), *public.glob("tiles/*/*/*")]
    return {str(path.relative_to(public)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def column(public, name):
    """A packed list of the data of the map."""
    [path] = public.glob("data/map.*.js")
    size, text = re.search(rf'[,{{]{name}:\[(\d),"([^"]*)"\]', path.read_text()).groups()
    return numpy.frombuffer(base64.b64decode(text), "<u1" if size == "1" else "<u2")


@pytest.fixture
def place(tmp_path):
    (tmp_path / "content").mkdir()
    (tmp_path / "content/atlas.yml").write_text("review: {comparisons: 0}\n")
    return tmp_path


def test_the_map_is_the_same_for_any_number_of_threads_and_when_built_again(place, sample):
    shutil.copytree(sample, place / "rocks")
    kept = sorted((place / "rocks").glob("*/*"))[5]
    kept.rename(place / "kept")
    build(place, "--jobs", 1)
    (place / "kept").rename(kept)
    result = build(place, "--jobs", 2)
    assert "map" not in result["reused"]
    again = of_map(place / "public")
    build(place, "--jobs", 8, name="other")
    assert again == of_map(place / "other")
    first, other = (place / f"{name}-workspace/map.h5" for name in ("public", "other"))
    assert first.read_bytes() == other.read_bytes()
    places, cells, _ = contents(first)
    assert numpy.isfinite(places).all()
    assert sorted(cells) == list(range(len(cells)))
    # Where nothing has changed but a word, the map is not laid out again.
    (place / "content/atlas.yml").write_text("title: Other\nreview: {comparisons: 0}\n")
    assert build(place)["reused"]["map"] == 1


def test_cells_of_the_page_are_those_of_the_file(place, sample):
    shutil.copytree(sample, place / "rocks")
    build(place)
    places, cells, _ = contents(place / "public-workspace/map.h5")
    order = numpy.argsort(cells)
    for axis, name in enumerate("xy"):
        own = places[order, axis].astype(float)
        wanted = (own - own.min()) / (own.max() - own.min()) * 65_534
        assert abs(column(place / "public", name) - wanted).max() <= 1
    # Every tile of the finest level is 504 pixels wide.
    for path in (place / "public/tiles/0").glob("*/*.jpg"):
        assert Image.open(path).size == (504, 504)


@pytest.mark.parametrize("count", [1, 2, 3, 19])
@pytest.mark.parametrize("alike", [True, False])
def test_few_and_equal_pictures_have_a_map(place, count, alike):
    (place / "rocks/gneiss").mkdir(parents=True)
    for number in range(count):
        picture = noise(28, 28, seed=0 if alike else number)
        Image.fromarray(picture).save(place / f"rocks/gneiss/p{number:02}.png")
    build(place)
    places, cells, _ = contents(place / "public-workspace/map.h5")
    assert numpy.isfinite(places).all() and len(places) == count
    assert sorted(cells) == list(range(count))
    assert (place / "public/map.html").exists()
    checked = validated("check", geoatlas_run("check", place / "public", "--json", "--quiet"))
    assert checked["problems"] == []


@pytest.mark.parametrize("view", ["pixels", "texture"])
def test_pictures_of_one_colour_are_like_no_other_and_have_places(place, view):
    (place / "rocks/gneiss").mkdir(parents=True)
    for number in range(20):
        picture = noise(28, 28, seed=number)
        if number % 4 == 0:
            picture[:] = 12 * number
        Image.fromarray(picture).save(place / f"rocks/gneiss/p{number:02}.png")
    (place / "content/atlas.yml").write_text(f"neighbours: {{view: {view}}}\nreview: {{comparisons: 0}}\n")
    build(place)
    places, cells, _ = contents(place / "public-workspace/map.h5")
    assert numpy.isfinite(places).all() and len(places) == 20
    assert sorted(cells) == list(range(20))
    with h5py.File(place / "public-workspace/map.h5") as file:
        assert numpy.isfinite(file["kept"][()]).all() and abs(file["ranks"][()].sum() - 1) < 1e-9


def test_settings_leave_the_map_out(place, sample):
    shutil.copytree(sample, place / "rocks")
    (place / "content/atlas.yml").write_text("map: false\nreview: {comparisons: 0}\n")
    result = build(place)
    assert "map" not in result["seconds"]
    assert not (place / "public/map.html").exists() and not (place / "public/tiles").exists()
    assert "map.html" not in (place / "public/index.html").read_text()


@pytest.fixture
def mapped(place, sample):
    """A place with an atlas of pixels, whose map was copied to `map.h5`."""
    shutil.copytree(sample, place / "rocks")
    (place / "content/atlas.yml").write_text("neighbours: {view: pixels}\nreview: {comparisons: 0}\n")
    build(place)
    shutil.copy(place / "public-workspace/map.h5", place / "map.h5")
    return place


def by_key(path):
    """Place and cell of each picture, and the columns of the grid."""
    places, cells, columns = contents(path)
    with h5py.File(path) as file:
        keys = file["keys"].asstr()[()]
    return {key: (tuple(own), cell) for key, own, cell in zip(keys, places, cells, strict=True)}, columns


def pictures(place):
    return sorted(path for path in (place / "rocks").glob("*/*") if path.is_file())


def nearest(found, key):
    """The key of the picture that lies nearest to another in the plane."""
    own = numpy.array(found[key][0])
    return min((other for other in found if other != key),
               key=lambda other: ((numpy.array(found[other][0]) - own) ** 2).sum())


def test_pictures_keep_their_places_and_new_ones_lie_beside_those_they_are_like(mapped):
    before, columns = by_key(mapped / "map.h5")
    gone, renamed, copied = pictures(mapped)[4], pictures(mapped)[9], pictures(mapped)[14]
    gone.unlink()
    renamed.rename(renamed.with_name("zz-renamed" + renamed.suffix))
    # Nearly the same picture: it is 28 pixels wide, so that a small change of one pixel stays.
    picture = numpy.asarray(Image.open(copied).convert("RGB").resize((28, 28), Image.BOX)).copy()
    picture[0, 0] ^= 8
    Image.fromarray(picture).save(copied.with_name("zz-copy.png"))
    for jobs in (1, 8):
        build(mapped, "--map", mapped / "map.h5", "--jobs", jobs, name=f"jobs{jobs}")
    assert (mapped / "jobs1-workspace/map.h5").read_bytes() == (mapped / "jobs8-workspace/map.h5").read_bytes()
    after, now = by_key(mapped / "jobs1-workspace/map.h5")
    assert now == columns and len(after) == len(before)
    [free] = set(range(len(before))) - {after[key][1] for key in after if key in before} - {
        before[f"{renamed.parent.name}/{renamed.stem}"][1]}
    for key, (own, cell) in after.items():
        if key.endswith("/zz-renamed"):
            assert (own, cell) == before[f"{renamed.parent.name}/{renamed.stem}"]
        elif key.endswith("/zz-copy"):
            assert nearest(after, key) == f"{copied.parent.name}/{copied.stem}"
            assert cell == free == before[f"{gone.parent.name}/{gone.stem}"][1]
        else:
            assert (own, cell) == before[key]
    # The map that was given is the map of these pictures too.
    shutil.copy(mapped / "jobs1-workspace/map.h5", mapped / "next.h5")
    build(mapped, "--map", mapped / "next.h5", name="jobs8")
    assert (mapped / "jobs8-workspace/map.h5").read_bytes() == (mapped / "next.h5").read_bytes()


def test_where_pictures_are_gone_the_last_ones_take_their_cells(mapped):
    before, columns = by_key(mapped / "map.h5")
    for path in pictures(mapped)[3::40]:
        path.unlink()
    build(mapped, "--map", mapped / "map.h5")
    after, now = by_key(mapped / "public-workspace/map.h5")
    assert now == columns and len(before) * 0.9 <= len(after) < len(before)
    assert all(own == before[key][0] for key, (own, _) in after.items())
    moved = {key for key, (_, cell) in after.items() if cell != before[key][1]}
    assert moved == {key for key in after if before[key][1] >= len(after)} != set()


def test_many_pictures_less_keep_their_places_in_another_grid(mapped):
    before, _ = by_key(mapped / "map.h5")
    for path in pictures(mapped)[::2]:
        path.unlink()
    result = rebuilt(mapped, "--map", mapped / "map.h5")
    assert result.returncode == 0, result.stderr
    gone = len(before) - len(pictures(mapped))
    assert f"{gone} of the {len(before)} pictures of the map {mapped}/map.h5 are gone" in result.stderr
    after, columns = by_key(mapped / "public-workspace/map.h5")
    assert all(own == before[key][0] for key, (own, _) in after.items())
    assert sorted(cell for _, cell in after.values()) == list(range(len(after)))
    # 5 : 4, as any map.
    assert columns == int(numpy.ceil(numpy.sqrt(1.25 * len(after))))


def test_cells_stay_for_as_many_new_pictures_as_places_do(mapped):
    before, columns = by_key(mapped / "map.h5")
    # More than a tenth of the earlier pictures, at most a tenth of today's.
    added = len(before) // 10 + 1
    assert added * 10 <= len(before) + added
    random = numpy.random.default_rng(0)
    for number, path in enumerate(pictures(mapped)[:added]):
        picture = random.integers(0, 256, (28, 28, 3), numpy.uint8)
        Image.fromarray(picture).save(path.with_name(f"zz-{number}.png"))
    result = rebuilt(mapped, "--map", mapped / "map.h5")
    assert result.returncode == 0 and "map.h5" not in result.stderr, result.stderr
    after, now = by_key(mapped / "public-workspace/map.h5")
    assert now == columns and len(after) == len(before) + added
    assert all(after[key] == own for key, own in before.items())


def test_the_map_of_the_workspace_itself_is_refused(mapped):
    own = mapped / "public-workspace/map.h5"
    link = mapped / "link.h5"
    link.symlink_to(own)
    for path in (own, link):
        result = rebuilt(mapped, "--map", path)
        assert result.returncode == 1
        assert f'{path}: this map belongs to the workspace, and a build may replace it. Copy it first, ' \
            f'for example with "cp {own} ."' in result.stderr


def rebuilt(place, *options, name="public", prefix=()):
    return geoatlas_run(
        "build", place / "rocks", "--output", place / name, "--workspace", place / f"{name}-workspace",
        "--review", place / "review", "--content", place / "content", "--classifier", "conv1l", "--epochs", 1,
        "--folds", 0, "--no-times", *options, prefix=prefix)


def test_a_map_that_does_not_fit_is_told_and_all_pictures_are_laid_out(mapped):
    build(mapped, name="fresh")
    with h5py.File(mapped / "map.h5", "a") as file:
        file.attrs["model"] = "embedding"
    result = rebuilt(mapped, "--map", mapped / "map.h5")
    assert result.returncode == 0, result.stderr
    assert "is a map by the model embedding, but this atlas has one by pairwise" in result.stderr
    assert of_map(mapped / "public") == of_map(mapped / "fresh")
    with h5py.File(mapped / "map.h5", "a") as file:
        file.attrs["model"] = "pairwise"
        file["pictures"][...] += 1
    result = rebuilt(mapped, "--map", mapped / "map.h5")
    count = len(pictures(mapped))
    assert result.returncode == 0, result.stderr
    assert f"{count} of {count} pictures are not on the map" in result.stderr
    assert of_map(mapped / "public") == of_map(mapped / "fresh")
    (mapped / "content/atlas.yml").write_text("map: false\nneighbours: {view: pixels}\nreview: {comparisons: 0}\n")
    result = rebuilt(mapped, "--map", mapped / "map.h5")
    assert result.returncode == 0 and '--map is not used, because the settings say "map: false".' in result.stderr


def replaced(name, change):
    def damage(path):
        with h5py.File(path, "a") as file:
            values = change(file[name][()])
            del file[name]
            file[name] = values
    return damage


def infinite(values):
    values[0, 0] = numpy.inf
    return values


def without_model(path):
    with h5py.File(path, "a") as file:
        del file.attrs["model"]


def of_no_columns(path):
    with h5py.File(path, "a") as file:
        file.attrs["columns"] = numpy.int64(0)


@pytest.mark.parametrize("damage, told", [
    (lambda path: path.unlink(), "does not exist. Check the path."),
    (lambda path: (path.unlink(), path.mkdir()), "cannot be read: Is a directory. Check its permissions"),
    (lambda path: path.write_bytes(b"no map"), "is not an HDF5 file, or is damaged."),
    (lambda path: path.write_bytes(path.read_bytes()[:2000]), "is not an HDF5 file, or is damaged."),
    (replaced("cells", lambda cells: cells * 0), '"cells" does not contain each cell once.'),
    (replaced("cells", lambda cells: cells[1:]), '"cells" has the shape'),
    (replaced("places", infinite), '"places" does not contain finite numbers.'),
    (replaced("pictures", lambda digests: digests[:, :1]), '"pictures" has the shape'),
    (without_model, 'has no "/@model". Check that it is the right kind of file.'),
    (of_no_columns, '"/@columns" does not contain the number of cells in a row.'),
], ids=["missing", "folder", "no HDF5", "cut off", "cells", "fewer cells", "places", "pictures", "model", "columns"])
def test_a_damaged_map_is_an_error_before_anything_is_done(mapped, damage, told):
    damage(mapped / "map.h5")
    result = rebuilt(mapped, "--map", mapped / "map.h5", name="other")
    assert result.returncode == 1
    assert told in result.stderr and str(mapped / "map.h5") in result.stderr
    assert not (mapped / "other").exists()


def test_a_map_that_may_not_be_read_is_told_so(mapped):
    (mapped / "map.h5").chmod(0)
    prefix = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    result = rebuilt(mapped, "--map", mapped / "map.h5", name="other", prefix=prefix)
    assert result.returncode == 1
    assert f"{mapped}/map.h5 cannot be read: Permission denied. Check its permissions" in result.stderr


def vectors(place):
    """The model vectors, in the order of keys."""
    run = geoatlas_run("dataset", place / "rocks", "--output", place / "dataset.h5", "--vectors", "--quiet")
    assert run.returncode == 0, run.stderr
    with h5py.File(place / "dataset.h5") as file:
        return file["vectors"][::4].astype(float)


def test_ranks_and_figures_are_those_of_scipy_and_scikit_learn(mapped):
    with h5py.File(mapped / "public-workspace/map.h5") as file:
        places, cells, ranks, kept, sample = (
            file[name][()] for name in ("places", "cells", "ranks", "kept", "sample"))
        columns = int(file.attrs["columns"])
    with h5py.File(mapped / "public-workspace/neighbours.h5") as file:
        targets = file["pairwise/indices"][()]
    count, top = targets.shape
    # PageRank as the solution of its equations.
    follow = csr_array(
        (numpy.full(count * top, 1 / top), (targets.ravel(), numpy.repeat(range(count), top))),
        shape=(count, count))
    wanted = spsolve((eye_array(count) - 0.85 * follow).tocsc(), numpy.full(count, 0.15 / count))
    assert abs(ranks - wanted).max() < 1e-8
    assert list(sample) == [count, top]
    distances = cdist(vectors(mapped), vectors(mapped), "correlation")
    numpy.fill_diagonal(distances, 0)
    grid = numpy.stack([cells % columns, cells // columns], axis=1).astype(float)
    for layout, (recall, trust), slack in ((places, kept[0], 1e-3), (grid, kept[1], 0.004)):
        near = cdist(layout, layout)
        numpy.fill_diagonal(near, numpy.inf)
        # Equal distances, of which a grid has many, in the order of pictures.
        nearest = numpy.argsort(near, axis=1, kind="stable")[:, :top]
        found = [len(set(own) & set(other)) / top for own, other in zip(nearest, targets, strict=True)]
        assert abs(recall - numpy.mean(found)) < 1e-9
        told = trustworthiness(distances, layout, n_neighbors=top, metric="precomputed")
        assert abs(trust - told) <= slack
    page = (mapped / "public/similarity.html").read_text()
    assert f">{kept[0, 1]:.3f}<" in page and f">{kept[1, 1]:.3f}<" in page


def test_where_pictures_may_be_turned_trustworthiness_is_not_told(place, sample):
    shutil.copytree(sample, place / "rocks")
    build(place, "--rotations")
    with h5py.File(place / "public-workspace/map.h5") as file:
        assert numpy.isnan(file["kept"][:, 1]).all() and numpy.isfinite(file["kept"][:, 0]).all()
        assert list(file["sample"][()]) == [0, 0]
    page = (place / "public/similarity.html").read_text()
    assert "Recall is the share" in page and "Trustworthiness is 1" not in page


def test_regions_are_named_by_the_table_of_metadata(place, sample):
    shutil.copytree(sample, place / "rocks")
    (place / "content/metadata.csv").write_text(
        "key,Pit,Rock\n" + "".join(
            f"{path.parent.name}/{path.stem},Pit of {path.parent.name},stone\n" for path in pictures(place)))
    (place / "content/atlas.yml").write_text("neighbours: {view: texture}\nreview: {comparisons: 0}\n")
    build(place)
    [data] = (place / "public/data").glob("map.*.js")
    regions = re.findall(r'\[\d+,[\d.]+,[\d.]+,\d+,\d+,"([^"]+)","([^"]+)"\]', data.read_text())
    # Most pictures of a region have one label, so they are of one pit, as a sixth of all pictures. All are stones.
    assert regions
    for title, more in regions:
        assert more.endswith(f", Pit of {title.lower()}")
