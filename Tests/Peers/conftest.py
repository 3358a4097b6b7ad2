"""Shared by the tests of whole commands: the program, its schemas, and small collections."""

import collections
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import jsonschema
import numpy
import pytest
from PIL import Image
from referencing import Registry, Resource

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "Tests"))

# A shell that runs the tests in the background lets all programs ignore interrupts, which end servers.
signal.signal(signal.SIGINT, signal.default_int_handler)

SCHEMAS = ROOT / "docs" / "schema"
SLOW = "each takes more than half a minute (make test-slow runs them)"
TYPES = ["andesite", "gneiss", "marble", "quartzite", "rhyolite", "schist"]


def pytest_addoption(parser):
    parser.addoption("--slow", action="store_true", help="also run the tests marked slow")


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes more than half a minute; run with --slow")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--slow"):
        return
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(pytest.mark.skip(reason=SLOW))


def pytest_terminal_summary(terminalreporter):
    """One line for each reason why tests were skipped, with their number."""
    reasons = collections.Counter(
        report.longrepr[2].removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", []))
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"Tests skipped: {count}, because {reason}.")


def geoatlas_run(*arguments, prefix=(), **options):
    """Runs the program with `arguments`; the completed process, output as text.

    `prefix` is a command that runs another, such as `setpriv`.
    """
    program = os.environ.get("GEOATLAS", str(ROOT / ".build" / "release" / "geoatlas"))
    return subprocess.run(
        [*prefix, program, *map(str, arguments)], capture_output=True, text=True, timeout=600, **options
    )


def copy_texts(base):
    """Copies the texts and templates to a folder, with a short trial: its boards take longer than all else."""
    for folder in ("content", "templates"):
        shutil.copytree(ROOT / folder, base / folder)
    settings = base / "content/atlas.yml"
    assert "comparisons: 60" in settings.read_text()
    settings.write_text(settings.read_text().replace("comparisons: 60", "comparisons: 6"))


def on_a_failing_disk(path):
    """A prefix for `geoatlas_run`: the system answers each opening of a file with an error of the disk.

    Skips the test where programs may not be traced.
    """
    trace = ["strace", "-f", "-qq", "-o", "/dev/null"]
    if subprocess.run([*trace, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("programs may not be traced here")
    return [*trace, "-P", str(path), "-e", "trace=openat", "-e", "inject=openat:error=EIO"]


@pytest.fixture(scope="session")
def geoatlas():
    """A function that runs the program: `geoatlas("dataset", folder, "--output", file)`."""
    return geoatlas_run


def _registry():
    resources = []
    for path in SCHEMAS.glob("*.schema.json"):
        resources.append((path.name, Resource.from_contents(json.loads(path.read_text()))))
    return Registry().with_resources(resources)


def validated(command_name, result, status=0):
    """The JSON value that a process printed, checked against `docs/schema/<command_name>`.

    Standard output must hold that value and nothing else.
    """
    assert result.returncode == status, result.stderr
    value = json.loads(result.stdout)
    schema = json.loads((SCHEMAS / f"{command_name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema, registry=_registry()).validate(value)
    return value


def failure(result, status=1):
    """The line on standard error of a command that failed; it must have printed nothing else."""
    assert result.returncode == status, result.stderr or result.stdout
    assert result.stdout == ""
    lines = [
        line for line in result.stderr.splitlines()
        if line.startswith("geoatlas: ") and not line.startswith("geoatlas: note: ")]
    assert len(lines) == 1, result.stderr
    return lines[0].removeprefix("geoatlas: ")


def drawn(folder, side):
    """A sample collection: 20 pictures of each type."""
    result = geoatlas_run("sample", folder, "--per-type", 20, "--size", side, "--quiet")
    assert result.returncode == 0, result.stderr
    return folder


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """A small sample collection, a folder: 20 pictures of each type, 64 pixels a side."""
    return drawn(tmp_path_factory.mktemp("sample") / "rocks", 64)


@pytest.fixture(scope="session")
def small_sample(tmp_path_factory):
    """The same with 40 pixels a side, for tests that build often: the boards of its trial take a third."""
    return drawn(tmp_path_factory.mktemp("small") / "rocks", 40)


@pytest.fixture(scope="session")
def shared():
    """The folder with the reference collection and expected values, beside the repository."""
    folder = Path(os.environ.get("GEOATLAS_SHARED", ROOT.parent / "shared"))
    if not (folder / "expected").is_dir():
        pytest.skip(
            f"the reference collection is not in {folder} (GEOATLAS_SHARED names another folder)")
    return folder


@pytest.fixture(scope="session")
def reference(shared):
    """The archive of the reference collection."""
    return shared / "data" / "geotechnical_images.zip"


@pytest.fixture
def model_vectors(tmp_path):
    """A function from picture files to the model vector of each, by name.

    Each file becomes a picture of its own folder, so that `vectors` of a data set, four turns a
    picture in key order, gives the unturned vector of each as `(28, 28, 3) uint8`.
    """
    import h5py

    def read(files):
        folder = tmp_path / "vectors"
        (folder / "andesite").mkdir(parents=True)
        for name, content in files.items():
            (folder / "andesite" / name).write_bytes(content)
        output = tmp_path / "vectors.h5"
        table = tmp_path / "vectors.csv"
        result = validated(
            "dataset",
            geoatlas_run(
                "dataset", folder, "--output", output, "--vectors", "--metadata", table, "--json"
            ),
        )
        assert result["errata"] == []
        names = [line.split(",")[1].split("/")[-1] for line in table.read_text().splitlines()[1:]]
        with h5py.File(output) as file:
            vectors = file["vectors"][::4].reshape(-1, 28, 28, 3)
        return dict(zip(names, vectors, strict=True))

    return read


def box_resized(pixels, side=28):
    """Resizing by exact box coverage in whole numbers: a slower reference for the program.

    Each stored pixel is repeated `side` times along both axes and the blocks that a new pixel
    covers are added up; halves are rounded up.
    """
    pixels = numpy.asarray(pixels, dtype=numpy.int64)
    height, width = pixels.shape[:2]
    columns = numpy.repeat(pixels, side, axis=1).reshape(height, side, width, 3).sum(axis=2)
    sums = numpy.repeat(columns, side, axis=0).reshape(side, height, side, 3).sum(axis=1)
    area = width * height
    return ((2 * sums + area) // (2 * area)).astype(numpy.uint8)


def noise(width, height, channels=3, seed=0):
    """A picture of random bytes, `(height, width, channels) uint8`."""
    shape = (height, width, channels) if channels > 1 else (height, width)
    return numpy.random.default_rng(seed).integers(0, 256, shape, dtype=numpy.uint8)


def smooth(width, height):
    """A picture of slow gradients in three colours, no two corners alike."""
    x, y = numpy.meshgrid(numpy.linspace(0, 255, width), numpy.linspace(0, 255, height))
    return numpy.dstack([x, y, (x + 2 * y) / 3]).astype(numpy.uint8)


def save_png(path, pixels):
    Image.fromarray(pixels).save(path)


def conv2l_features(model, pictures):
    """What the last layer of a `conv2l` file reads, in NumPy, as Keras' documentation defines its
    layers: `(n, 2304) float64` of `(n, 28, 28, 3)`."""
    import h5py

    with h5py.File(model) as file:
        group = file["model_weights"]
        weights = {
            name.decode().removesuffix(":0"): group[layer][name.decode()][()].astype(numpy.float64)
            for layer in group
            for name in group[layer].attrs["weight_names"]
        }
    values = numpy.pad(pictures / 255.0, ((0, 0), (2, 2), (2, 2), (0, 0)))
    for block in ("1", "2"):
        windows = numpy.lib.stride_tricks.sliding_window_view(values, (3, 3), axis=(1, 2))
        values = numpy.einsum("nyxcij,ijco->nyxo", windows, weights[f"conv2d_{block}/kernel"])
        values += weights[f"conv2d_{block}/bias"]
        norm = f"batch_normalization_{block}"
        spread = numpy.sqrt(weights[f"{norm}/moving_variance"] + 1e-3)
        values = (values - weights[f"{norm}/moving_mean"]) / spread
        values = values * weights[f"{norm}/gamma"] + weights[f"{norm}/beta"]
        values = numpy.maximum(values, 0)
        n, height, width, channels = values.shape
        values = values[:, : height // 2 * 2, : width // 2 * 2]
        values = values.reshape(n, height // 2, 2, width // 2, 2, channels).max(axis=(2, 4))
    return values.reshape(len(values), -1)
