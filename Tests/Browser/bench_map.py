"""Measures the map in Chromium without a graphics card: the first picture, and frames of a flight.

usage: bench_map.py ATLAS

ATLAS is a folder that "geoatlas build" wrote. The flight goes from all pictures to one and across the map, by
wheel and by dragging, and back. The bars are 1 second, 20 ms (half of the frames) and 34 ms (95 of 100).
"""

import pathlib
import sys

from conftest import chromium, window
from frames import frames_of, line

FIRST = """
    const done = arguments[0];
    const canvas = document.querySelector('[data-canvas]');
    const pen = CanvasRenderingContext2D.prototype;
    const draw = pen.drawImage;
    pen.drawImage = function (...values) {
      draw.apply(this, values);
      if (values[0] instanceof HTMLImageElement && this.canvas === canvas) {
        pen.drawImage = draw;
        requestAnimationFrame(() => done(performance.now()));
      }
    };
    document.querySelector('[data-by="0"]').click();"""

FLIGHT = """
    const canvas = document.querySelector('[data-canvas]');
    const box = canvas.getBoundingClientRect();
    const at = { clientX: box.left + box.width * 0.4, clientY: box.top + box.height * 0.45, bubbles: true };
    const wheel = (deltaY) => canvas.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY, cancelable: true }));
    const key = (name) => canvas.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
    return [
      ...Array(70).fill(() => wheel(-45)), ...Array(60).fill(() => key('ArrowRight')),
      ...Array(35).fill(() => wheel(45)), ...Array(90).fill(() => key('ArrowDown')),
      ...Array(35).fill(() => wheel(45))];"""


def main(atlas):
    driver = chromium()
    try:
        with window(driver, 1280, 900):
            for layout in ("", "#layout=true", "#colour=label"):
                driver.get("about:blank")
                driver.get(f"file://{atlas.resolve()}/map.html{layout}")
                name = layout or "spread"
                if layout != "#layout=true":
                    first = driver.execute_async_script(FIRST)
                    print(f"{name:24} first picture after {first / 1000:.2f} s")
                print(line(name, frames_of(driver, FLIGHT)))
    finally:
        driver.quit()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
