"""Frames of a page while something moves on it, for benchmarks."""

import statistics

RUN = """
    const run = (steps, done) => {
      const frames = [];
      let last = null;
      const next = (now) => {
        if (last !== null) frames.push(now - last);
        last = now;
        const step = steps.shift();
        if (!step) return done(frames);
        step();
        requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
    };"""


def frames_of(driver, steps):
    """The milliseconds of each frame while a script's list `steps` of functions is called, one a frame.

    `steps` is the body of a function that ends with `return [...]`.
    """
    return sorted(driver.execute_async_script(
        f"{RUN} run((() => {{ {steps} }})(), arguments[0]);"))


def line(name, frames):
    """A row of a table. The frames are sorted."""
    return (f"{name:24} {len(frames)} frames: median {statistics.median(frames):.1f} ms, "
            f"95 of 100 within {frames[int(0.95 * len(frames))]:.1f} ms, longest {frames[-1]:.0f} ms")
