"""Lists that leave the atlas: `atlas.json` by its schema, `pictures.csv` by pandas' reader of mlcroissant."""

import csv
import json

import jsonschema
import mlcroissant
import pytest
from conftest import ROOT, SCHEMAS, geoatlas_run


@pytest.fixture(scope="module")
def atlas(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lists")
    assert geoatlas_run("sample", folder / "rocks", "--per-type", 10).returncode == 0
    (folder / "rocks/metadata.csv").write_text(
        "key,locality,weathering,Label,Image Check\n"
        "gneiss/gn-0001,\"Bergen, \"\"quay\"\"\",=1+2,L1,by hand\n")
    run = geoatlas_run(
        "build", folder / "rocks", "--output", folder / "public", "--workspace", folder / "workspace",
        "--review", folder / "review", "--folds", 0, "--epochs", 1, "--classifier", "conv1l",
        "--content", ROOT / "content", "--templates", ROOT / "templates", "--quiet")
    assert run.returncode == 0, run.stderr
    return folder / "public"


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_atlas_json_is_as_its_schema_says_and_agrees_with_the_list(atlas):
    data = json.loads((atlas / "atlas.json").read_text())
    schema = json.loads((SCHEMAS / "atlas.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(data)
    lines = rows(atlas / "pictures.csv")
    assert [line["key"] for line in lines] == [picture["key"] for picture in data["pictures"]]
    for line, picture in zip(lines, data["pictures"], strict=True):
        assert (atlas / line["page"]).is_file() and (atlas / line["picture"]).is_file()
        assert line["predicted"] == data["types"][picture["predicted"]]["label"]
        assert float(line["probability"]) == pytest.approx(max(picture["probabilities"]))
        assert line["cluster"] == str(picture["cluster"])
    sizes = [0] * len(data["clusters"])
    for picture in data["pictures"]:
        sizes[picture["cluster"] - 1] += 1
    assert sizes == data["clusters"]


def test_metadata_keep_their_signs_and_do_no_harm(atlas):
    line = next(line for line in rows(atlas / "pictures.csv") if line["key"] == "gneiss/gn-0001")
    assert line["Locality"] == 'Bergen, "quay"'
    assert line["weathering"] == "'=1+2"
    data = json.loads((atlas / "atlas.json").read_text())
    picture = next(p for p in data["pictures"] if p["key"] == "gneiss/gn-0001")
    assert picture["metadata"] == {
        "Locality": 'Bergen, "quay"', "weathering": "=1+2", "Label": "L1", "Image Check": "by hand"}


def test_fields_with_names_of_the_lists_own_columns_do_not_replace_them(atlas):
    with (atlas / "pictures.csv").open(newline="") as file:
        header = next(csv.reader(file))
    assert len({name.lower() for name in header}) == len(header)
    line = next(line for line in rows(atlas / "pictures.csv") if line["key"] == "gneiss/gn-0001")
    assert line["label"] == "gneiss" and line["metadata Label"] == "L1"
    assert line["metadata Image Check"] == "by hand"
    records = list(mlcroissant.Dataset(jsonld=atlas / "croissant.json").records("pictures"))
    record = next(r for r in records if r["pictures/key"] in ("gneiss/gn-0001", b"gneiss/gn-0001"))
    assert record["pictures/label"] in ("gneiss", b"gneiss")
    assert record["pictures/metadata_Label"] in ("L1", b"L1")


def test_croissant_reads_the_pictures(atlas):
    dataset = mlcroissant.Dataset(jsonld=atlas / "croissant.json")
    assert not dataset.metadata.ctx.issues.errors
    records = list(dataset.records("pictures"))
    lines = rows(atlas / "pictures.csv")
    assert len(records) == len(lines)

    def text(value):
        return value.decode() if isinstance(value, bytes) else value

    assert [text(record["pictures/key"]) for record in records] == [line["key"] for line in lines]
    assert [text(record["pictures/width"]) for record in records] == [
        int(line["width"]) for line in lines]
    assert [float(record["pictures/probability"]) for record in records] == pytest.approx(
        [float(line["probability"]) for line in lines])
