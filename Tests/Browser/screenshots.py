"""Pictures of every kind of page at three widths, light and dark, to be looked at.

usage: screenshots.py FOLDER [ATLAS]

ATLAS is a folder that "geoatlas build" wrote; without one the sample collection is drawn and built.
"""

import base64
import pathlib
import shutil
import sys
import tempfile

from conftest import ROOT, chromium, geoatlas, window
from ready import settle

WIDTHS = {390: 844, 1280: 900, 1920: 1080}
# Beyond this height a page shows nothing new.
HIGHEST = 3600


def shots(atlas):
    """A page or a state of it by name: path, fragment, and what is done on it."""
    images = sorted((atlas / "gneiss").glob("*/*.html"))
    image = str(images[len(images) // 2].relative_to(atlas))
    found = {
        "front": ("index.html", "", ""),
        "search": ("index.html", "", """
            const field = document.querySelector('input[type=search]');
            field.focus();
            field.value = 'g';
            field.dispatchEvent(new Event('input'));"""),
        "rock": ("gneiss/index.html", "", ""),
        "rock-filtered": ("gneiss/index.html", "#agree=no&sort=doubt", ""),
        "image": (image, "", ""),
        "image-compare": (image, "#compare=kmeans-1,pairwise-2", ""),
        "image-keys": (image, "", "document.querySelector('[data-keys]').click()"),
    }
    for page in sorted(atlas.glob("*.html")):
        found.setdefault({"index": "front"}.get(page.stem, page.stem), (page.name, "", ""))
    return found


def picture(driver, height, width):
    size = driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
    # A dialog covers the window, not the page.
    high = height if driver.find_elements("css selector", "dialog[open]") else size["height"]
    if driver.find_elements("css selector", "[data-wall]"):
        # A wall draws what is near the window, so the window has to be as high as the picture.
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": HIGHEST, "deviceScaleFactor": 1, "mobile": False})
        driver.execute_script("dispatchEvent(new Event('scroll'))")
        settle(driver)
    return base64.b64decode(driver.execute_cdp_cmd("Page.captureScreenshot", {
        "format": "png", "captureBeyondViewport": True,
        "clip": {"x": 0, "y": 0, "width": width, "height": min(high, HIGHEST), "scale": 1},
    })["data"])


def main(folder, atlas):
    folder.mkdir(parents=True, exist_ok=True)
    driver = chromium()
    try:
        for name, (page, fragment, script) in shots(atlas).items():
            for width, height in WIDTHS.items():
                for scheme in ("light", "dark"):
                    with window(driver, width, height, scheme):
                        driver.get("about:blank")
                        driver.get(f"file://{atlas}/{page}{fragment}")
                        if script:
                            driver.execute_script(script)
                        settle(driver)
                        (folder / f"{name}-{width}-{scheme}.png").write_bytes(
                            picture(driver, height, width))
    finally:
        driver.quit()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    output = pathlib.Path(sys.argv[1])
    if len(sys.argv) == 3:
        main(output, pathlib.Path(sys.argv[2]).resolve())
    else:
        scratch = pathlib.Path(tempfile.mkdtemp())
        geoatlas("sample", scratch / "rocks")
        geoatlas(
            "build", scratch / "rocks", "--output", scratch / "public", "--workspace",
            scratch / "workspace", "--review", scratch / "review", "--classifier", "conv2l",
            "--content", ROOT / "content",
            "--templates", ROOT / "templates")
        main(output, scratch / "public")
        shutil.rmtree(scratch)
