"""The pages in Chromium, opened as files and from nginx: pictures load, and the console is empty."""

import base64
import re

import pytest
from conftest import KINDS, pages, window
from ready import listen, wait_for_address, wait_until
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys


def complaints(driver):
    return [entry for entry in driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]


def open_page(driver, address):
    # So that no late message of the page before counts as one of this page.
    driver.get("about:blank")
    driver.get_log("browser")
    driver.get(address)
    driver.execute_async_script("""
        const done = arguments[0];
        document.querySelectorAll('img[loading=lazy]').forEach((image) => { image.loading = 'eager'; });
        Promise.all([...document.images].filter((image) => !image.complete)
          .map((image) => new Promise((go) => { image.onload = image.onerror = go; }))).then(done);""")


@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_loads_and_the_console_is_silent(driver, atlas, root, kind):
    open_page(driver, f"{root}/{pages(atlas)[kind]}")
    widths = driver.execute_script("""return [...document.images]
        .filter((image) => image.getAttribute('src')).map((image) => [image.src, image.naturalWidth])""")
    # The front page's bands and a wall's tiles are drawn from sprites.
    widths += driver.execute_async_script("""
        const done = arguments[0];
        const found = new Set();
        for (const element of document.querySelectorAll('main *')) {
          const image = getComputedStyle(element).backgroundImage.match(/^url\\("(.*)"\\)$/);
          if (image && !image[1].startsWith('data:')) found.add(image[1]);
        }
        Promise.all([...found].map((source) => new Promise((go) => {
          const image = new Image();
          image.onload = image.onerror = () => go([source, image.naturalWidth]);
          image.src = source;
        }))).then(done);""")
    # A plate shows its exemplars and its tiles in one picture each, and the medoid.
    assert len(widths) >= {"front": 6, "image": 6, "rock": 3}.get(kind, 0)
    assert [source for source, width in widths if width == 0] == []
    assert complaints(driver) == []


@pytest.mark.parametrize("kind", KINDS)
def test_pages_reflow_at_320_pixels(driver, atlas, kind):
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": 320, "height": 700, "deviceScaleFactor": 1, "mobile": False})
    try:
        open_page(driver, f"file://{atlas}/{pages(atlas)[kind]}")
        overflow = driver.execute_script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_asks_the_network(driver, atlas, kind):
    open_page(driver, f"file://{atlas}/{pages(atlas)[kind]}")
    asked = driver.execute_script(
        "return performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert [name for name in asked if not name.startswith(f"file://{atlas}/") and not name.startswith("data:")] == []


@pytest.mark.parametrize("kind", KINDS)
def test_pages_can_be_read_without_scripts(driver, atlas, kind):
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        driver.get(f"file://{atlas}/{pages(atlas)[kind]}")
        text = driver.find_element(By.TAG_NAME, "main").text
        assert driver.find_element(By.TAG_NAME, "h1").text in text
        if kind in ("front", "rock"):
            assert "Andesite" in text
        if kind == "image":
            assert "K-Means" in text and "Pairwise" in text
            # Nothing empty above the picture.
            figure = driver.find_element(By.TAG_NAME, "figure")
            assert figure.find_element(By.TAG_NAME, "img").rect["y"] == figure.rect["y"]
        if kind == "review":
            assert "needs scripts" in text
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def found(driver):
    """Rows of the search that lead to a page."""
    return driver.find_elements(By.CSS_SELECTOR, "[role=option]:not([aria-disabled])")


def test_a_key_typed_into_the_search_leads_to_its_page(driver, atlas, root):
    image = sorted((atlas / "gneiss").glob("*/*.html"))[3]
    open_page(driver, f"{root}/index.html")
    field = driver.find_element(By.CSS_SELECTOR, "[role=combobox], input[type=search]")
    field.send_keys(image.stem)
    wait_until(lambda: len(found(driver)) == 1, "one hit")
    field.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    wait_for_address(driver, str(image.relative_to(atlas)))
    assert complaints(driver) == []


@pytest.mark.parametrize("form", [
    "gneiss/{stem}", "gneiss.{stem}", "Gneiss {stem}", " {stem} ", "gneiss/{stem} ", "{stem}.jpg",
    "gneiss/{stem}.JPG\t", "GNEISS.{stem}.jpeg ", "gneiss\\{stem}", "rocks/gneiss/{stem}.jpg",
    '"D:\\Rocks\\Gneiss\\{stem}.jpg"',
])
def test_every_form_of_a_key_is_found(driver, atlas, form):
    image = sorted((atlas / "gneiss").glob("*/*.html"))[3]
    open_page(driver, f"file://{atlas}/index.html")
    # Set at once, as pasting does: a tab typed would leave the field.
    driver.execute_script("""
        const field = document.querySelector('input[type=search]');
        field.focus();
        field.value = arguments[0];
        field.dispatchEvent(new Event('input'));""", form.format(stem=image.stem))
    wait_until(lambda: len(found(driver)) == 1, "one hit")
    found(driver)[0].click()
    wait_for_address(driver, str(image.relative_to(atlas)))


def test_a_hit_that_stays_keeps_its_row_so_that_it_can_be_pressed_while_keys_are_loading(driver, atlas):
    image = sorted((atlas / "gneiss").glob("*/*.html"))[3]
    open_page(driver, f"file://{atlas}/index.html")
    field = driver.find_element(By.CSS_SELECTOR, "input[type=search]")
    field.send_keys(image.stem)
    wait_until(lambda: len(found(driver)) == 1, "one hit")
    # The list is drawn again, as it is when another part of the keys has come.
    driver.execute_script("""
        document.querySelector('[role=option]').isOld = true;
        arguments[0].dispatchEvent(new Event('input'));""", field)
    is_old = "return document.querySelector('[role=option]').isOld === true"
    assert driver.execute_script(is_old)
    field.send_keys("zzz")
    wait_until(lambda: not found(driver), "no hit")
    assert not driver.execute_script(is_old)


def test_enter_right_after_a_key_waits_for_the_keys(driver, atlas, root):
    image = sorted((atlas / "gneiss").glob("*/*.html"))[3]
    open_page(driver, f"{root}/index.html")
    # Both in one script call, before any part of the keys can be loaded.
    driver.execute_script("""
        const field = document.querySelector('input[type=search]');
        field.focus();
        field.value = arguments[0];
        field.dispatchEvent(new Event('input'));
        field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter'}));""", f"gneiss/{image.stem}")
    wait_for_address(driver, str(image.relative_to(atlas)))
    assert image.stem in driver.find_element(By.TAG_NAME, "h1").text.lower()


def test_a_key_that_is_not_there_is_answered_with_a_sentence(driver, atlas):
    open_page(driver, f"file://{atlas}/index.html")
    field = driver.find_element(By.CSS_SELECTOR, "[role=combobox], input[type=search]")
    field.send_keys("zzzzzz")
    wait_until(
        lambda: driver.find_elements(By.XPATH, "//*[contains(text(), 'No key contains')]"),
        "a sentence on the key")


def test_targets_are_shown_turned_as_they_matched(driver, atlas):
    for page in sorted((atlas / "andesite").glob("*/*.html")):
        if "data-turn=90" in page.read_text():
            break
    else:
        raise AssertionError("no target of andesite is turned")
    open_page(driver, f"file://{page}")
    turned = driver.find_element(By.CSS_SELECTOR, ".targets [data-turn='90'] img")
    # Counter-clockwise, as the score's rotation is counted.
    assert turned.value_of_css_property("rotate") == "-90deg"


def test_score_rugs_share_a_scale_and_show_every_score(driver, atlas):
    open_page(driver, f"file://{atlas}/{pages(atlas)['image']}")
    scores = [
        # A folded panel has no text that is shown.
        [float(re.search(r"(\d+(\.\d)?)\s*%", link.get_attribute("textContent")).group(1))
         for link in panel.find_elements(By.CSS_SELECTOR, ".targets a")]
        for panel in driver.find_elements(By.CSS_SELECTOR, ".panels section")]
    rugs = driver.find_elements(By.CSS_SELECTOR, ".rug")
    assert len(rugs) == len(scores) >= 2
    lowest = min(90, int(min(map(min, scores)) // 10) * 10)
    for rug, own in zip(rugs, scores, strict=True):
        marks = [text.get_attribute("textContent") for text in rug.find_elements(By.TAG_NAME, "text")]
        assert marks[0] == f"{lowest} %" and marks[2] == "100 %"
        ticks = "".join(
            path.get_attribute("d") for path in rug.find_elements(By.CSS_SELECTOR, "path")[:2])
        places = sorted(float(place) for place in re.findall(r"M([\d.]+) \d+V20", ticks))
        expected = sorted(4 + 200 * (score - lowest) / (100 - lowest) for score in own)
        assert places == pytest.approx(expected, abs=0.06)


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_allows_only_what_it_loads(driver, atlas, root, kind):
    open_page(driver, f"{root}/{pages(atlas)[kind]}")
    policy = driver.find_element(
        By.CSS_SELECTOR, "meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    rules = dict(rule.split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    if kind == "image":
        assert "unsafe" not in policy
    # A handler, a script, a style and a link to a script that come in with a text do nothing.
    driver.execute_script("""
        document.body.insertAdjacentHTML('beforeend',
          '<img src="data:," onerror="window.ran = 1"><a id="run" href="javascript:window.ran = 1">x</a>');
        const script = document.createElement('script');
        script.textContent = 'window.ran = 1';
        const style = document.createElement('style');
        style.textContent = 'body { display: none }';
        document.body.append(script, style);
        document.getElementById('run').click();""")
    refused = []

    def all_refused():
        refused.extend(entry["message"] for entry in driver.get_log("browser"))
        return len(refused) >= 4

    wait_until(all_refused, "refusing all four")
    assert all("Content Security Policy" in message for message in refused)
    assert driver.execute_script("return window.ran") is None
    assert driver.find_element(By.TAG_NAME, "body").value_of_css_property("display") != "none"


def test_a_picture_prints_on_one_sheet(driver, atlas):
    open_page(driver, f"file://{atlas}/{pages(atlas)['image']}")
    printed = driver.execute_cdp_cmd(
        "Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    assert len(re.findall(rb"/Type /Page\b", base64.b64decode(printed["data"]))) == 1


def test_the_results_of_a_trial_print_on_two_sheets(driver, atlas):
    open_page(driver, f"file://{atlas}/results.html")
    printed = driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    pdf = base64.b64decode(printed["data"])
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2


def test_a_printed_plate_leaves_its_masthead_free(driver, atlas):
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        # An A4 sheet between its margins.
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": 703, "height": 1017, "deviceScaleFactor": 1, "mobile": False})
        open_page(driver, f"file://{atlas}/gneiss/index.html")
        mast, strip = (
            driver.find_element(By.CSS_SELECTOR, part).rect for part in (".mast", ".plate-strip"))
        assert strip["y"] >= mast["y"] + mast["height"] - 1
        rows = {part.rect["y"] for part in driver.find_elements(By.CSS_SELECTOR, ".exemplars > div")}
        assert len(rows) == 1
        # All photographs are printed, as squares.
        shapes = driver.execute_script("""
            return [...document.querySelectorAll('.wall a')].map((link) => {
              const box = link.getBoundingClientRect();
              return [box.width, box.height];
            });""")
        assert len(shapes) == 20
        assert all(wide == high > 60 for wide, high in shapes)
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_the_line_of_a_disputed_label_is_copied(driver, atlas, root):
    open_page(driver, f"{root}/disputed.html")
    # Pages from a plain web server are no secure context there; both ways end on the clipboard.
    driver.execute_cdp_cmd("Browser.grantPermissions", {
        "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]})
    entry = driver.find_element(By.CSS_SELECTOR, ".disputes li")
    line = entry.find_element(By.CSS_SELECTOR, "code").text
    key, label, reason = line.split(",")
    assert key == entry.find_element(By.CSS_SELECTOR, "h3 .key").text
    assert label in ("andesite", "gneiss", "marble", "quartzite", "rhyolite", "schist")
    assert reason.endswith("%")
    button = entry.find_element(By.CSS_SELECTOR, "[data-copy]")
    heard = listen(driver, button)
    button.click()
    wait_until(lambda: "Copied" in heard(), "copying the line")
    pasted = driver.execute_async_script("""
        const done = arguments[0];
        const area = document.body.appendChild(document.createElement('textarea'));
        area.focus();
        navigator.clipboard.readText().then(done, () => { document.execCommand('paste'); done(area.value); });""")
    assert pasted == line


def test_corrected_labels_and_the_tables_behind_charts_can_be_read(driver, atlas):
    open_page(driver, f"file://{atlas}/disputed.html")
    table = driver.find_element(By.CSS_SELECTOR, "table.data").text
    assert "Schist" in table and "Marble" in table and "veins, by eye" in table
    for page in ("models.html", "similarity.html"):
        open_page(driver, f"file://{atlas}/{page}")
        found = driver.find_elements(By.TAG_NAME, "details")
        assert len(found) >= 2
        for details in found:
            rows = details.find_elements(By.CSS_SELECTOR, "tbody tr")
            assert not rows[0].is_displayed()
            details.find_element(By.TAG_NAME, "summary").click()
            assert rows[0].is_displayed()


def test_a_third_model_unfolds_below_the_two_panels(driver, atlas):
    with window(driver, 1280, 900):
        open_page(driver, f"file://{atlas}/{pages(atlas)['image']}")
        folded = driver.find_element(By.CSS_SELECTOR, "details.folded")
        panels = driver.find_elements(By.CSS_SELECTOR, ".panels section")
        assert [panel.is_displayed() for panel in panels] == [True, True, False]
        assert panels[0].rect["y"] == panels[1].rect["y"]
        folded.find_element(By.TAG_NAME, "summary").click()
        assert panels[2].is_displayed() and "Pairwise on the embedding" in panels[2].text
        assert all(picture.size["width"] == 112 for picture in panels[2].find_elements(
            By.CSS_SELECTOR, ".pic"))


def test_a_picture_with_a_corrected_label_says_its_place_on_that_plate(driver, atlas, root):
    page = next(
        page for page in (atlas / "schist").glob("??/*.html")
        if "<p><a href=../../marble/index.html" in page.read_text())
    driver.get(f"{root}/{page.relative_to(atlas)}")
    marbles = len(list((atlas / "marble").glob("??/*.html"))) + 1
    # Keys are sorted, so a picture of the folder schist is after all of the folder marble.
    wait_until(
        lambda: driver.find_element(By.CSS_SELECTOR, ".walk p").text
        == f"Marble, picture {marbles} of {marbles}", "telling the place")


def test_the_models_page_leads_to_look_alikes_and_back(driver, atlas, root):
    open_page(driver, f"{root}/models.html")
    driver.find_element(By.LINK_TEXT, "Look-alikes compared").click()
    wait_for_address(driver, "similarity.html")
    heading = driver.find_element(By.TAG_NAME, "h1").text
    assert all(name in heading for name in ("K-Means", "Pairwise", "Pairwise on the embedding"))
    assert len(driver.find_elements(By.CSS_SELECTOR, ".means img")) == len(
        driver.find_elements(By.XPATH, "//section[h2 or header/h2='Which types they hold']//tbody/tr"))
    driver.find_element(By.LINK_TEXT, "The network and its mistakes").click()
    wait_for_address(driver, "models.html")


def test_links_of_the_navigation_lead_to_pages(driver, atlas):
    open_page(driver, f"file://{atlas}/index.html")
    links = [
        link.get_attribute("href") for link in driver.find_elements(By.CSS_SELECTOR, "nav a")]
    assert len(links) >= 5
    for link in links:
        open_page(driver, link)
        assert driver.find_element(By.TAG_NAME, "h1").text != ""
        assert complaints(driver) == []
