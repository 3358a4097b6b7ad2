"""Measures a photograph of 24 megapixels in Chromium without a graphics card: enlarging, moving, going back.

usage: bench_zoom.py

A photograph of 6000 × 4000 pixels is drawn and built. Its page loads a copy of 1,600 pixels; the whole picture
comes when it is enlarged. The bench prints the seconds until it is there, and the frames while it is moved at
each step of the enlargement. A frame of 16.7 ms is as smooth as the screen.
"""

import pathlib
import tempfile
import time

from conftest import chromium, geoatlas, window
from frames import frames_of, line
from PIL import Image
from ready import wait_until
from test_awkward import speckled

SIZE = 6000, 4000

FLIGHT = """
    const box = document.querySelector('.window');
    const key = (name) => box.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
    const round = ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp'];
    return Array.from({ length: 120 }, (_, step) => () => key(round[Math.floor(step / 8) % 4]));"""


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "rocks").mkdir()
        # Grain at every scale: small specks enlarged below, specks of single pixels over them.
        coarse = speckled(SIZE[0] // 8, SIZE[1] // 8, 1).resize(SIZE, Image.BICUBIC)
        Image.blend(coarse, speckled(*SIZE, 2), 0.4).save(folder / "rocks/p.jpg", quality=90)
        geoatlas("build", folder / "rocks", "--output", folder / "public", "--workspace", folder / "work",
                 "--review", folder / "review")
        page = next((folder / "public").glob("unlabelled/*/p.html"))
        driver = chromium()
        try:
            with window(driver, 1280, 900):
                driver.get(f"file://{page}")
                width = "return document.querySelector('.shown img').naturalWidth"
                wait_until(lambda: driver.execute_script(width) == 1600, "the copy")
                begin = time.monotonic()
                driver.find_element("css selector", "[data-zoom='1']").click()
                wait_until(lambda: driver.execute_script(width) == SIZE[0], "the whole picture")
                print(f"{'the whole picture':24} after {time.monotonic() - begin:.2f} s")
                larger = driver.find_element("css selector", "[data-zoom='1']")
                step = 1
                while True:
                    print(line(f"moved, step {step}", frames_of(driver, FLIGHT)))
                    if not larger.is_enabled():
                        break
                    larger.click()
                    step += 1
        finally:
            driver.quit()


if __name__ == "__main__":
    main()
