"""What a build may reuse of an earlier one: results of the same settings, and no others."""

import shutil

import pytest
from conftest import geoatlas_run

NETWORK = "workspace/networks/conv1l-0-of-0.h5"


@pytest.fixture(scope="session")
def sample(small_sample):
    return small_sample


def build(collection, folder, *options):
    result = geoatlas_run(
        "build", collection, "--output", folder / "public", "--workspace", folder / "workspace",
        "--review", folder / "review", "--classifier", "conv1l", "--folds", 0, *options)
    assert result.returncode == 0, result.stderr
    return (folder / NETWORK).read_bytes()


@pytest.fixture(scope="module")
def earlier(sample, tmp_path_factory):
    """A folder with the workspace of an earlier build, and the network that it trained."""
    folder = tmp_path_factory.mktemp("earlier")
    return folder, build(sample, folder, "--epochs", 2, "--seed", 1, "--jobs", 1)


@pytest.mark.parametrize("options", [
    ["--epochs", 3, "--seed", 1, "--jobs", 1],
    ["--epochs", 2, "--seed", 2, "--jobs", 1],
    ["--epochs", 2, "--seed", 1, "--jobs", 2],
], ids=["epochs", "seed", "threads"])
def test_a_network_of_other_settings_is_not_reused(sample, earlier, tmp_path, options):
    folder, network = earlier
    shutil.copytree(folder / "workspace", tmp_path / "old/workspace")
    (tmp_path / "new").mkdir()
    after = build(sample, tmp_path / "old", *options)
    assert after != network
    assert after == build(sample, tmp_path / "new", *options)


def test_a_network_of_the_same_settings_is_reused(sample, earlier, tmp_path):
    folder, network = earlier
    shutil.copytree(folder / "workspace", tmp_path / "workspace")
    before = (tmp_path / NETWORK).stat().st_mtime_ns
    assert build(sample, tmp_path, "--epochs", 2, "--seed", 1, "--jobs", 1) == network
    assert (tmp_path / NETWORK).stat().st_mtime_ns == before
