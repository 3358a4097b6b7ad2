"""Large photographs: their pages load a smaller copy first, and the whole picture when it is enlarged."""

import pytest
from conftest import geoatlas, window
from PIL import Image
from ready import wait_until
from test_awkward import speckled


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """The atlas of three large photographs, one of them upright, and a small one."""
    folder = tmp_path_factory.mktemp("large")
    (folder / "rocks").mkdir()
    for seed, (width, height) in enumerate([(2400, 1800), (1000, 2000), (1600, 1200)]):
        speckled(width, height, seed).save(folder / f"rocks/p{seed}.jpg", quality=90)
    geoatlas(
        "build", folder / "rocks", "--output", folder / "public", "--workspace", folder / "work",
        "--review", folder / "review")
    return folder / "public"


def test_previews_are_of_1600_pixels_and_only_where_pictures_are_larger(large):
    sizes = {path.name: Image.open(path).size for path in large.glob("previews/*/*/*")}
    assert sizes == {"p0.jpg": (1600, 1200), "p1.jpg": (800, 1600)}
    geoatlas("check", large)


def test_the_whole_picture_comes_when_it_is_enlarged(driver, large):
    page = next(large.glob("unlabelled/*/p0.html"))
    sizes = "const i = document.querySelector('.shown img'); return [i.naturalWidth, i.complete]"
    with window(driver, 1280, 900):
        driver.get(f"file://{page}")
        wait_until(lambda: driver.execute_script(sizes) == [1600, True], "the preview")
        place = "return document.querySelector('.shown img').getBoundingClientRect().width"
        before = driver.execute_script(place)
        driver.find_element("css selector", "[data-zoom='1']").click()
        wait_until(lambda: driver.execute_script(sizes) == [2400, True], "the whole picture")
        assert driver.execute_script(place) > before
        driver.find_element("css selector", "[data-zoom='0']").click()
        assert driver.execute_script(place) == pytest.approx(before, abs=0.5)
    link = driver.find_element("css selector", "figcaption a").get_attribute("href")
    assert link.endswith("/p0.jpg") and "previews" not in link


def test_a_picture_that_is_not_larger_is_loaded_as_it_is(large):
    page = next(large.glob("unlabelled/*/p2.html")).read_text()
    assert "data-original" not in page and "previews" not in page
