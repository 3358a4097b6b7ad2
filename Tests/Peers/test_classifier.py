"""`train`, `evaluate` and `classify` against Keras' own predictions, h5py and scikit-learn."""

import csv
import json
import os
import shutil
import zipfile

import h5py
import numpy
import pytest
from conftest import TYPES, conv2l_features, failure, geoatlas_run, validated
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, precision_recall_fscore_support
from threadpoolctl import threadpool_limits
from waiting import PATIENCE


@pytest.fixture(scope="module")
def trained(sample, tmp_path_factory):
    """A network trained on the small sample, and the JSON of `train`."""
    model = tmp_path_factory.mktemp("model") / "conv2l.h5"
    result = geoatlas_run(
        "train", sample, "--epochs", 10, "--jobs", 1, "--output", model, "--json"
    )
    return model, validated("train", result)


@pytest.mark.parametrize("layers", ["1L", "2L"])
def test_networks_that_keras_saved_predict_what_keras_predicts(
    shared, reference, tmp_path, layers
):
    with open(shared / "expected" / f"keras_model_{layers}_predictions.csv") as file:
        expected = {row.pop("key"): row for row in csv.DictReader(file)}
    assert len(expected) >= 10
    # A new archive with only the pictures that Keras predicted.
    archive = tmp_path / "few.zip"
    with zipfile.ZipFile(reference) as source, zipfile.ZipFile(archive, "w") as target:
        for name in source.namelist():
            if name.rsplit(".", 1)[0].split("/", 1)[-1] in expected:
                target.writestr(name, source.read(name))
    model = shared / "data" / "keras" / f"model_{layers}.h5"
    results = validated("classify", geoatlas_run("classify", "--model", model, archive, "--json"))
    assert {result["key"] for result in results} == set(expected)
    for result in results:
        row = expected[result["key"]]
        assert list(result["probabilities"]) == TYPES
        for name, probability in result["probabilities"].items():
            assert probability == pytest.approx(float(row[name]), abs=1e-4), result["key"]
        assert result["label"] == result["key"].split("/")[0]
        assert result["predicted"] == max(row, key=lambda name: float(row[name]))
        # A file without a temperature is not calibrated.
        for name in TYPES:
            assert result["calibrated"][name] == pytest.approx(
                result["probabilities"][name], abs=1e-6)


def test_a_network_of_ours_has_the_layout_of_keras(trained):
    model, _ = trained
    with h5py.File(model) as file:
        assert file.attrs["keras_version"].decode() == "2.3.1"
        assert file.attrs["backend"].decode() == "tensorflow"
        config = json.loads(file.attrs["model_config"])
        assert config["class_name"] == "Sequential"
        layers = config["config"]["layers"]
        assert [layer["class_name"] for layer in layers] == [
            "InputLayer", "ZeroPadding2D",
            "Conv2D", "BatchNormalization", "Activation", "MaxPooling2D", "Dropout",
            "Conv2D", "BatchNormalization", "Activation", "MaxPooling2D", "Dropout",
            "Flatten", "Dense", "Activation",
        ]
        group = file["model_weights"]
        names = [name.decode() for name in group.attrs["layer_names"]]
        assert names == [layer["config"]["name"] for layer in layers[1:]]
        shapes = {}
        for name in names:
            for weight in group[name].attrs["weight_names"]:
                shapes[weight.decode()] = group[name][weight.decode()].shape
        # 28 + 4 − 2 = 30, pooled 15, less 2 is 13, pooled 6: 6 · 6 · 64 = 2304.
        assert shapes == {
            "conv2d_1/kernel:0": (3, 3, 3, 32),
            "conv2d_1/bias:0": (32,),
            **{f"batch_normalization_1/{part}:0": (32,)
               for part in ("gamma", "beta", "moving_mean", "moving_variance")},
            "conv2d_2/kernel:0": (3, 3, 32, 64),
            "conv2d_2/bias:0": (64,),
            **{f"batch_normalization_2/{part}:0": (64,)
               for part in ("gamma", "beta", "moving_mean", "moving_variance")},
            "dense_1/kernel:0": (2304, 6),
            "dense_1/bias:0": (6,),
        }
        own = json.loads(file.attrs["geoatlas"])
    assert own["classes"] == TYPES
    assert own["temperature"] > 0


def forward(model, pictures):
    """The network of a `conv2l` file in NumPy."""
    with h5py.File(model) as file:
        layer = file["model_weights/dense_1/dense_1"]
        scores = conv2l_features(model, pictures) @ layer["kernel:0"][()].astype(numpy.float64)
        scores += layer["bias:0"][()]
    powers = numpy.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def data_set(collection, tmp_path):
    """`dataset.h5` of a collection as `{split: (pictures, labels, keys)}`."""
    output = tmp_path / "d.h5"
    validated("dataset", geoatlas_run("dataset", collection, "--output", output, "--json"))
    with h5py.File(output) as file:
        return {
            part.lower(): (
                file[f"X_{part}_Orig"][:],
                file[f"Y_{part}_Orig"][:].astype(str),
                file[f"keys_{part.lower()}"][:].astype(str),
            )
            for part in ("Train", "Dev", "Test")
        }


def test_probabilities_are_those_of_the_saved_weights(trained, sample, tmp_path):
    model, _ = trained
    results = validated("classify", geoatlas_run("classify", "--model", model, sample, "--json"))
    assert len(results) == 120
    by_key = {result["key"]: result for result in results}
    pictures, _, keys = data_set(sample, tmp_path)["train"]
    expected = forward(model, pictures.astype(numpy.float64))
    found = numpy.array([[by_key[key]["probabilities"][name] for name in TYPES] for key in keys])
    numpy.testing.assert_allclose(found, expected, rtol=0, atol=1e-4)
    for result in results:
        assert sum(result["probabilities"].values()) == pytest.approx(1, abs=1e-5)
        assert sum(result["calibrated"].values()) == pytest.approx(1, abs=1e-5)
        assert result["predicted"] == max(TYPES, key=lambda name: result["probabilities"][name])


def test_calibration_divides_the_scores_by_the_temperature(trained, sample):
    model, _ = trained
    with h5py.File(model) as file:
        temperature = json.loads(file.attrs["geoatlas"])["temperature"]
    results = validated("classify", geoatlas_run("classify", "--model", model, sample, "--json"))
    plain = numpy.array([list(result["probabilities"].values()) for result in results])
    powers = numpy.maximum(plain, 1e-38) ** (1 / temperature)
    expected = powers / powers.sum(axis=1, keepdims=True)
    found = numpy.array([list(result["calibrated"].values()) for result in results])
    numpy.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)


def test_evaluation_agrees_with_scikit_learn(trained, sample, tmp_path):
    model, training = trained
    classified = validated(
        "classify", geoatlas_run("classify", "--model", model, sample, "--json"))
    by_key = {result["key"]: result for result in classified}
    parts = data_set(sample, tmp_path)
    for split in ("train", "dev", "test", "all"):
        result = validated(
            "evaluate",
            geoatlas_run("evaluate", sample, "--model", model, "--split", split, "--json"),
        )
        chosen = parts if split == "all" else {split: parts[split]}
        keys = numpy.concatenate([keys for _, _, keys in chosen.values()])
        labels = numpy.concatenate([labels for _, labels, _ in chosen.values()])
        predicted = [by_key[key]["predicted"] for key in keys]
        assert (result["images"], result["split"]) == (len(keys), split)
        assert result["accuracy"] == pytest.approx(numpy.mean(labels == predicted), abs=1e-12)
        confusion = numpy.zeros((6, 6), int)
        for label, prediction in zip(labels, predicted, strict=True):
            confusion[TYPES.index(label), TYPES.index(prediction)] += 1
        assert result["confusion"] == confusion.tolist()
        peers = precision_recall_fscore_support(labels, predicted, labels=TYPES, zero_division=0)
        for name, *scores in zip(TYPES, *peers, strict=True):
            ours = result["perClass"][name]
            assert [ours[s] for s in ("precision", "recall", "f1", "support")] == pytest.approx(
                [float(score) for score in scores], abs=1e-12)
        probabilities = [[by_key[key]["probabilities"][name] for name in TYPES] for key in keys]
        rows = numpy.array(probabilities)
        rows /= rows.sum(axis=1, keepdims=True)
        assert result["loss"] == pytest.approx(log_loss(labels, rows, labels=TYPES), abs=1e-4)
        expected_seen = {"train": len(keys), "all": training["images"]}.get(split, 0)
        assert result["seenInTraining"] == expected_seen
        if split != "all":
            assert training["accuracy"][split] == result["accuracy"]


def test_training_repeats_to_the_byte(trained, sample, tmp_path):
    model, first = trained
    again = tmp_path / "again.h5"
    options = ["--epochs", 10, "--jobs", 1, "--output", again, "--json"]
    second = validated("train", geoatlas_run("train", sample, *options))
    assert again.read_bytes() == model.read_bytes()
    assert second["accuracy"] == first["accuracy"]
    other = tmp_path / "other.h5"
    options = ["--epochs", 1, "--jobs", 1, "--output", other, "--seed", 1, "--json"]
    validated("train", geoatlas_run("train", sample, *options))
    with h5py.File(other) as one, h5py.File(model) as two:
        name = "model_weights/dense_1/dense_1/kernel:0"
        assert not numpy.array_equal(one[name][()], two[name][()])


def test_every_architecture_learns_and_can_be_loaded(sample, tmp_path):
    # Weights and biases by hand, running statistics included.
    parameters = {
        "conv1l": 3 * 9 * 32 + 32 + 4 * 32 + 15 * 15 * 32 * 6 + 6,
        "conv2l": 3 * 9 * 32 + 32 + 4 * 32 + 32 * 9 * 64 + 64 + 4 * 64 + 2304 * 6 + 6,
        "smallvgg": (3 * 9 + 1 + 4) * 32 + (32 * 9 + 1 + 4) * 64 + (64 * 9 + 1 + 4) * 64
        + (64 * 9 + 1 + 4) * 128 + (128 * 9 + 1 + 4) * 128
        + (2 * 2 * 128 + 1 + 4) * 1024 + 1024 * 6 + 6,
        "deep": (3 * 9 + 1 + 4) * 32 + (32 * 9 + 1 + 4) * 32 + (32 * 9 + 1 + 4) * 64
        + (64 * 9 + 1 + 4) * 64 + (64 * 9 + 1 + 4) * 128 + (128 * 9 + 1 + 4) * 128 + 128 * 6 + 6,
    }
    for name, count in parameters.items():
        model = tmp_path / f"{name}.h5"
        options = ["--architecture", name, "--epochs", 1, "--output", model, "--json"]
        result = validated("train", geoatlas_run("train", sample, *options))
        assert (result["architecture"], result["epochs"]) == (name, 1)
        assert result["parameters"] == count, name
        judged = validated(
            "evaluate", geoatlas_run("evaluate", sample, "--model", model, "--json"))
        assert judged["accuracy"] == result["accuracy"]["test"]


def test_a_layer_that_is_not_known_is_named(trained, sample, tmp_path):
    model = tmp_path / "strange.h5"
    shutil.copy(trained[0], model)
    with h5py.File(model, "r+") as file:
        config = json.loads(file.attrs["model_config"])
        layer = config["config"]["layers"][5]
        assert layer["class_name"] == "MaxPooling2D"
        layer["class_name"] = "MedianPooling2D"
        layer["config"]["name"] = "middle_of_four"
        file.attrs["model_config"] = json.dumps(config)
    line = failure(geoatlas_run("classify", "--model", model, sample, "--quiet"))
    assert str(model) in line and "middle_of_four" in line and "MedianPooling2D" in line


def test_a_model_file_that_is_none_is_refused_in_one_line(trained, sample, tmp_path):
    def refusal(model):
        return failure(geoatlas_run("evaluate", sample, "--model", model, "--quiet"))

    assert "does not exist" in refusal(tmp_path / "missing.h5")
    text = tmp_path / "text.h5"
    text.write_text("no model")
    assert str(text) in refusal(text) and "is no Keras file" in refusal(text)
    cut = tmp_path / "cut.h5"
    cut.write_bytes(trained[0].read_bytes()[:5000])
    assert str(cut) in refusal(cut) and "damaged" in refusal(cut)
    other = tmp_path / "other.h5"
    with h5py.File(other, "w") as file:
        file["x"] = [1, 2, 3]
    assert "without a Keras network" in refusal(other)
    misshapen = tmp_path / "misshapen.h5"
    shutil.copy(trained[0], misshapen)
    with h5py.File(misshapen, "r+") as file:
        group = file["model_weights/dense_1/dense_1"]
        del group["bias:0"]
        group["bias:0"] = numpy.zeros(5, numpy.float32)
    assert "bias" in refusal(misshapen) and "dense_1" in refusal(misshapen)
    with h5py.File(misshapen, "r+") as file:
        group = file["model_weights/dense_1/dense_1"]
        del group["bias:0"]
        # A petabyte by its shape, nothing of it stored.
        group.create_dataset("bias:0", (2**48,), numpy.float32, chunks=(1024,))
    assert str(misshapen) in refusal(misshapen) and str(2**48) in refusal(misshapen)


@pytest.mark.parametrize("command", ["train", "tune"])
def test_a_network_is_not_written_under_a_name_that_keras_would_not_load(command, sample, tmp_path):
    result = geoatlas_run(command, sample, "--output", tmp_path / "m.keras")
    assert result.returncode == 64 and "ends in .h5" in result.stderr
    assert not (tmp_path / "m.keras").exists()


def test_paths_that_cannot_be_classified_keep_their_place(trained, sample, tmp_path):
    model, _ = trained
    picture = next((sample / "gneiss").iterdir())
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0")
    folder = tmp_path / "outcrop" / "MARBLE"
    folder.mkdir(parents=True)
    shutil.copy(picture, folder / f"b{picture.suffix}")
    (folder / "a.jpg").write_bytes(b"nothing")
    (folder / "c.txt").write_bytes(b"notes")
    lone = tmp_path / "outcrop.png"
    shutil.copy(picture, lone)
    paths = [picture, tmp_path / "missing.jpg", broken, tmp_path / "outcrop", lone]
    results = validated(
        "classify", geoatlas_run("classify", "--model", model, *paths, "--json"), status=1)
    assert [result["path"] for result in results] == [
        str(picture), str(tmp_path / "missing.jpg"), str(broken),
        str(folder / "a.jpg"), str(folder / f"b{picture.suffix}"), str(folder / "c.txt"), str(lone),
    ]
    assert ["error" in result for result in results] == [
        False, True, True, True, False, True, False]
    assert results[0]["key"] == f"gneiss/{picture.stem}" and results[0]["label"] == "gneiss"
    assert results[4]["key"] == "marble/b" and results[4]["label"] == "marble"
    assert results[6]["key"] == "unlabelled/outcrop" and "label" not in results[6]
    assert results[0]["probabilities"] == results[4]["probabilities"]


def test_pictures_of_folders_and_archives_are_told_by_the_path_that_was_given(
    trained, sample, tmp_path
):
    model, _ = trained
    pictures = sorted((sample / "gneiss").iterdir())[:2]
    for name, picture in zip(["north", "south"], pictures, strict=True):
        (tmp_path / name / "gneiss").mkdir(parents=True)
        shutil.copy(picture, tmp_path / name / "gneiss" / "a.png")
    (tmp_path / "south" / "b.txt").write_bytes(b"notes")
    shutil.make_archive(tmp_path / "south", "zip", tmp_path / "south")
    command = ["classify", "--model", model, "north", "./south/", "south.zip"]
    results = validated("classify", geoatlas_run(*command, "--json", cwd=tmp_path), status=1)
    expected = [
        "north/gneiss/a.png", "./south/b.txt", "./south/gneiss/a.png", "south.zip/b.txt",
        "south.zip/gneiss/a.png"]
    assert [result["path"] for result in results] == expected
    words = geoatlas_run(*command, cwd=tmp_path).stdout.splitlines()
    assert [line.split(": ")[0] for line in words] == expected


def test_named_pipes_keep_nobody_waiting(trained, sample, tmp_path):
    model, _ = trained
    pipe = tmp_path / "pipe.jpg"
    os.mkfifo(pipe)
    # If the program waited for a writer, it would be ended after some minutes with another status.
    patience = {"prefix": ["timeout", str(PATIENCE)]}
    for command in (["classify", "--model", model, pipe], ["similar", sample, pipe]):
        result = geoatlas_run(*command, "--json", **patience)
        answer, = validated(command[0], result, status=1)
        assert f"{pipe} is not a regular file" in answer["error"]
    picture = next((sample / "gneiss").iterdir())
    line = failure(geoatlas_run("classify", "--model", pipe, picture, "--quiet", **patience))
    assert line.startswith(f"{pipe} is not a regular file")


def test_what_is_not_labelled_cannot_be_judged(trained, sample):
    model, _ = trained
    line = failure(geoatlas_run("evaluate", sample / "gneiss", "--model", model, "--quiet"))
    assert line.startswith(f"No picture of {sample / 'gneiss'} lies in a folder named after")
    assert line.endswith("and give the folder that these lie in.")


def test_too_few_pictures_are_refused_in_one_line(geoatlas, tmp_path):
    geoatlas("sample", tmp_path / "few", "--per-type", 1, "--size", 28, "--quiet")
    model = tmp_path / "m.h5"
    line = failure(geoatlas("train", tmp_path / "few", "--output", model, "--quiet"))
    assert "at least 14 labelled pictures" in line
    # An option of "build" would be no help here.
    assert "--classifier" not in line and "--shares" in line
    assert not model.exists()


def test_the_sample_has_to_be_learned_and_no_line_divides_it(geoatlas, tmp_path):
    # The collection as it comes: 100 pictures a type.
    collection = tmp_path / "rocks"
    validated("sample", geoatlas("sample", collection, "--json"))
    parts = data_set(collection, tmp_path)
    pictures, labels, _ = parts["train"]
    test_pictures, test_labels, _ = parts["test"]
    learned, unseen = (part.reshape(len(part), -1) / 255 for part in (pictures, test_pictures))
    best = 0
    # Small matrices: more threads than cores would only wait for one another.
    with threadpool_limits(1):
        for strength in (1e-3, 1e-2, 1e-1):
            line = LogisticRegression(C=strength, max_iter=1000).fit(learned, labels)
            best = max(best, line.score(unseen, test_labels))
    result = validated(
        "train", geoatlas("train", collection, "--output", tmp_path / "m.h5", "--json"))
    network = result["accuracy"]["test"]
    assert best < 0.9
    assert network > best + 0.1, (network, best)
    assert network > 0.8
