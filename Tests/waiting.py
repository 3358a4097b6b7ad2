"""Waiting for conditions. Nothing else in the tests sleeps: a fixed time is too short on a busy machine
and too long on a free one."""

import time

# Far longer than anything takes, so that only what never happens fails.
PATIENCE = 180


def wait_until(condition, what, seconds=PATIENCE):
    """Asks `condition` until it gives something true, which is returned.

    `what` completes the sentence "… did not happen within 180 s" if it never does.

        >>> wait_until(lambda: 3, "a number")
        3
    """
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < end, f"{what} did not happen within {seconds} s"
        time.sleep(0.02)
