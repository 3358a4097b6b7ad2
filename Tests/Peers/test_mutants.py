"""The list of mutants: which of them are built together."""

import importlib.util

from conftest import ROOT

SPECIFICATION = importlib.util.spec_from_file_location("mutants", ROOT / "Tests/Mutants/mutants.py")
MUTANTS = importlib.util.module_from_spec(SPECIFICATION)
SPECIFICATION.loader.exec_module(MUTANTS)
# By hand: Site uses Tables and Raster, which use nothing.
USED = {"SiteTests": {"Site", "Tables", "Raster"}, "TablesTests": {"Tables"}, "RasterTests": {"Raster"}}


def mutant(name, module, test):
    return MUTANTS.Mutant(name=name, file=f"Sources/{module}/A.swift", old="1", new="2", test=test)


def test_mutants_are_built_together_if_no_test_uses_the_module_of_another_one():
    tables = mutant("a", "Tables", "swift TablesTests")
    site = mutant("b", "Site", "swift SiteTests.PageTests")
    raster = mutant("c", "Raster", "swift RasterTests")
    again = mutant("d", "Tables", "swift TablesTests.CSVTests")
    whole = mutant("e", "Raster", "pytest Tests/Peers/test_build.py")
    unknown = mutant("f", "Raster", "swift NoSuchTests")
    groups = MUTANTS.batches([tables, site, raster, again, whole, unknown], USED)
    assert groups == [[tables, raster], [site], [again], [whole], [unknown]]


def test_parts_hold_every_group_once():
    parts = [MUTANTS.part(list("abcdefg"), f"{number}/3") for number in (1, 2, 3)]
    assert parts == [["a", "d", "g"], ["b", "e"], ["c", "f"]]
