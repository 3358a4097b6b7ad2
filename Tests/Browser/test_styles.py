"""Style sheets: a browser silently ignores a declaration that it does not understand."""

from check_styles import declarations
from conftest import ROOT

# Another browser rightly drops what is written for one alone.
OF_ONE_BROWSER = ("-webkit-", "-moz-")
# Only Safari knows these; without them a page lacks nothing.
ELSEWHERE = {"hanging-punctuation", "line-clamp"}


def written():
    """Every declaration of the sheets: file, line, name, value."""
    for path in sorted((ROOT / "templates").glob("*.css")):
        for line, name, value in declarations(path.read_text()):
            if not name.startswith(("--", *OF_ONE_BROWSER)) and name not in ELSEWHERE:
                yield path.name, line, name, value


SUPPORTED = "return arguments[0].map(([, , name, value]) => CSS.supports(name, value))"


def test_every_declaration_is_understood_by_a_browser(driver, firefox):
    every = list(written())
    assert len(every) > 500
    answers = zip(
        every, driver.execute_script(SUPPORTED, every), firefox.run(SUPPORTED, every), strict=True)
    assert [entry for entry, *understood in answers if not any(understood)] == []
