"""What the front page says about the running trial."""

from conftest import window
from ready import wait_until
from reviewing import answer, begin, forget, fresh


def test_votes_of_this_browser_are_told_on_the_front_page(driver, atlas):
    with window(driver, 1280, 900):
        fresh(driver, f"file://{atlas}/review.html")
        driver.get(f"file://{atlas}/index.html")
        line = driver.find_element("css selector", "[data-votes]")
        assert line.text == ""
        driver.get(f"file://{atlas}/review.html")
        begin(driver)
        for vote in ("equal", "neither"):
            answer(driver, vote)
        driver.get(f"file://{atlas}/index.html")
        wait_until(
            lambda: driver.find_element("css selector", "[data-votes]").text
            == "2 votes saved in this browser. None handed in yet.", "telling the votes")
        forget(driver)


def test_the_front_page_leads_to_plates_review_models_and_errata(driver, atlas):
    driver.get(f"file://{atlas}/index.html")
    plates = driver.find_elements("css selector", ".column a")
    assert [plate.find_element("css selector", "h2").text.split()[0] for plate in plates] == [
        "Andesite", "Gneiss", "Marble", "Quartzite", "Rhyolite", "Schist"]
    for plate in plates:
        assert "pictures" in plate.text and "%" in plate.text
    others = {
        link.text for link in driver.find_elements("css selector", ".contents a")}
    assert {"Review", "Models", "Errata"} <= others


def test_the_bands_of_types_are_loaded_when_they_come_near(driver, atlas):
    with window(driver, 1280, 900):
        driver.get(f"file://{atlas}/index.html")
        bands = driver.find_elements("css selector", ".column .band img")
        assert [band.get_attribute("loading") for band in bands] == ["lazy"] * 6
        driver.execute_script("document.querySelector('.column li:last-child').scrollIntoView()")
        wait_until(
            lambda: all(band.get_property("naturalWidth") for band in bands), "loading the bands")
        # Tiles are square, 56 pixels wide, and fill the row to its end.
        for band in bands:
            size, row = band.rect, band.find_element("xpath", "..").rect
            assert (size["width"] / 20, size["height"] / 3) == (56, 56)
            assert row["height"] >= 112 and row["width"] <= size["width"]
