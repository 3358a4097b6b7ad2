"""Checks style sheets: what a browser would drop without a word.

usage: check_styles.py FOLDER

FOLDER holds the style sheets, and the pages and scripts that use them. Each finding is one line.
"""

import itertools
import pathlib
import re
import sys

import tinycss2

LONGEST = 120
# In types.css, which the program makes: symbol, colour and pattern of a rock type.
MADE = {"--s", "--t", "--p"}


def rules(nodes):
    """Every rule with declarations, also inside others: line, its declarations."""
    for node in nodes:
        if node.type == "error":
            yield node.source_line, [node]
        elif node.type in ("qualified-rule", "at-rule") and node.content is not None:
            found = tinycss2.parse_blocks_contents(
                node.content, skip_comments=True, skip_whitespace=True)
            yield node.source_line, [part for part in found if part.type in ("declaration", "error")]
            yield from rules([part for part in found if part.type.endswith("rule")])


def declarations(text):
    """Every declaration of a sheet: line, name, value."""
    sheet = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    for _, found in rules(sheet):
        for part in found:
            if part.type == "declaration":
                yield part.source_line, part.name, tinycss2.serialize(part.value).strip()


def element_in_selector(nodes):
    """Whether :is(…) and the like hold a pseudo-element, which matches nothing there (Selectors 4)."""
    for node in nodes:
        if node.type == "function" and node.lower_name in ("is", "where", "not", "has"):
            colons = [part == ":" for part in node.arguments]
            if any(first and second for first, second in itertools.pairwise(colons)):
                return True
            if element_in_selector(node.arguments):
                return True
    return False


def selectors(nodes):
    """Every selector, also inside other rules: line, its parts."""
    for node in nodes:
        if node.type == "qualified-rule":
            yield node.source_line, node.prelude
        if node.type in ("qualified-rule", "at-rule") and node.content is not None:
            yield from selectors(tinycss2.parse_blocks_contents(node.content))


def faults(name, text):
    """What is wrong with one sheet by itself, as lines."""
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LONGEST:
            yield f"{name}:{number}: the line has {len(line)} characters, more than {LONGEST}"
        if line != line.rstrip() or "\t" in line:
            yield f"{name}:{number}: the line has a tab, or blanks at its end"
    sheet = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    for line, selector in selectors(sheet):
        if element_in_selector(selector):
            yield f"{name}:{line}: a pseudo-element inside :is() or the like matches nothing"
    for line, found in rules(sheet):
        seen = set()
        if not found:
            continue
        for part in found:
            if part.type == "error":
                yield f"{name}:{part.source_line}: {part.message}"
                continue
            written = (part.name, tinycss2.serialize(part.value).strip())
            if written in seen:
                yield f"{name}:{part.source_line}: {part.name} is told twice in the rule of line {line}"
            seen.add(written)


def properties(folder):
    """Custom properties that are set and used anywhere in the folder: two sets."""
    given, used = set(MADE), set()
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".css", ".js", ".html"):
            continue
        text = path.read_text()
        given |= set(re.findall(r"(--[\w-]+)\s*:", text))
        given |= set(re.findall(r'setProperty\("(--[\w-]+)"', text))
        used |= set(re.findall(r"var\((--[\w-]+)", text))
        used |= set(re.findall(r'getPropertyValue\("(--[\w-]+)"', text))
    return given, used


def main(folder):
    found = []
    for path in sorted(folder.rglob("*.css")):
        found += faults(str(path), path.read_text())
    given, used = properties(folder)
    found += [f"{folder}: {name} is used and nowhere set" for name in sorted(used - given)]
    found += [f"{folder}: {name} is set and nowhere used" for name in sorted(given - used - MADE)]
    print("".join(f"{line}\n" for line in found), end="")
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(pathlib.Path(sys.argv[1])))
