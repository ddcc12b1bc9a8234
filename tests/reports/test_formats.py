"""A format is one file; the folder is the list."""

import pytest

from hotfire.errors import UsageError
from hotfire.reports import format_named, formats


def test_each_format_is_found_by_its_file() -> None:
    assert {name: each.suffix for name, each in formats().items()} == {
        "html": "html",
        "json": "json",
        "junit": "xml",
        "markdown": "md",
        "sarif": "sarif",
        "terminal": "txt",
        "waivers": "toml",
    }
    assert all(each.about for each in formats().values())


def test_an_unknown_format_names_those_that_exist() -> None:
    with pytest.raises(UsageError, match="html, json, junit, markdown, sarif, terminal, waivers"):
        format_named("pdf")
