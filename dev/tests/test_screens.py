"""The list of screens agrees with the guide's pictures."""

from collections import Counter

from dev.common import ROOT
from dev.screens import SCREENS


def test_names_are_files_of_their_own():
    assert not [name for name, n in Counter(s.name for s in SCREENS).items() if n > 1]


def test_pictures_of_the_guide_are_taken():
    taken = {f"{screen.name}.png" for screen in SCREENS if screen.in_docs}
    assert taken == {path.name for path in (ROOT / "docs" / "images").iterdir()}


def test_pictures_of_the_page_are_the_guides():
    on_page = [screen for screen in SCREENS if screen.on_page]
    assert all(screen.in_docs for screen in on_page)
    page = ROOT / "raso_cash_register" / "static" / "description"
    for screen in on_page:
        assert (page / f"{screen.name}.png").exists()
