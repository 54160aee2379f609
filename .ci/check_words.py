#!/usr/bin/env python3
"""Plain English: finds idioms that readers without English as a first language read twice.

Usage: check_words.py [PATH...]. Looks at comments of the code, docstrings and pages (what is quoted or
in backticks is left alone), prints each find as path:line with the words to use, and exits 1 if any.
"""
import io
import pathlib
import re
import subprocess
import sys
import tokenize

# (what not to write, what to write); CONTRIBUTING.md has the same list.
IDIOMS = [
    (r"whoever|nobody|somebody", "the caller, no request, another process"),
    (r"lent|lend|lends|lending|lender|lenders", "lease, leased, the lease holder"),
    (r"anew", "again; renew; restart"),
    (r"told|tells", "reports, logs, returns, says"),
    (r"mend|mends|mended|mending", "fix, fixed"),
    (r"fares|borne|hearsay|spared", "status, allowed, unconfirmed, limited"),
    (r"stands(?! for\b)", "is"),
    (r"so often|so long", "how often, how long, interval"),
    (r"the words of", "what the file is for, in a sentence with a verb"),
    (r"door for those", "spawns the actor"),
    (r"did not do", "failed"),
]
PATTERN = re.compile("|".join(rf"(?P<i{n}>\b(?:{words})\b)" for n, (words, _) in enumerate(IDIOMS)), re.I)

# Pages that programs write.
GENERATED = {"docs/errors.md", "docs/create-im.md", "docs/reliability.md", "docs/identities.md"}
CODE = {".cpp", ".hpp"}
HASHES = {".cmake", ".sh", ".yaml", ".txt", ".service", ".conf", ""}
# A name, a value or words of others.
QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|“[^”]*”|<[^<>\s]+>|https?://\S+")


def comments_of_code(text):
    """Line number and text of each // comment; strings do not count."""
    for number, line in enumerate(text.splitlines(), 1):
        bare = re.sub(r'"(?:\\.|[^"\\])*"', lambda found: " " * len(found[0]), line)
        at = bare.find("//")
        if at >= 0:
            yield number, line[at:]


def comments_of_python(text):
    """Comments and docstrings."""
    before = None
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        docstring = token.type == tokenize.STRING and before in (None, tokenize.INDENT, tokenize.NEWLINE)
        if token.type == tokenize.COMMENT or docstring:
            for offset, line in enumerate(token.string.splitlines()):
                yield token.start[0] + offset, line.replace('"""', "")
        if token.type not in (tokenize.NL, tokenize.COMMENT):
            before = token.type


def comments_of_script(text):
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(r"\s*(#.*)", line)
        if found:
            yield number, found[1]


def prose_of_page(text):
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield number, line


def lines_of(path, text):
    if path.suffix == ".md":
        return prose_of_page(text)
    if path.suffix in CODE:
        return comments_of_code(text)
    if path.suffix == ".py":
        return comments_of_python(text)
    return comments_of_script(text) if path.suffix in HASHES else ()


def finds(path, text):
    """(line, what is written, what to write) for each idiom in a file."""
    for number, line in lines_of(path, text):
        for found in PATTERN.finditer(QUOTED.sub(lambda quoted: " " * len(quoted[0]), line)):
            yield number, found[0], IDIOMS[int(found.lastgroup[1:])][1]


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    wanted = sys.argv[1:]
    names = subprocess.run(["git", "ls-files", *wanted], cwd=root, capture_output=True, text=True,
                           check=True).stdout.split()
    count = 0
    for name in names:
        path = root / name
        if name in GENERATED or name == ".ci/check_words.py" or not path.is_file():
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        for number, word, better in finds(path, text):
            count += 1
            print(f"{name}:{number}: '{word}': write {better}")
    sys.exit(1 if count else 0)


if __name__ == "__main__":
    main()
