from __future__ import annotations

import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import RequestFactory
from fontTools.ttLib import TTFont

from cardline.issuer.profile import current_profile
from cardline.ui import look, views
from cardline.ui.assets import FONT, cut_font
from cardline.ui.theme import COOKIE, theme_of


def test_the_sheet_carries_the_issuer_s_colours_for_both_themes() -> None:
    brand = current_profile().brand.brand
    assert f"--brand: light-dark({brand.light}, {brand.dark});" in look.sheet()


def test_the_sheet_s_address_changes_with_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    before = look.address()
    monkeypatch.setattr(look, "font_address", lambda: "/static/fonts/other.woff2")
    assert look.address() != before


def test_without_a_font_the_sheet_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look, "font_address", lambda: "")
    assert "@font-face" not in look.sheet()


def test_the_sheet_may_be_kept_for_good() -> None:
    response = views.look_sheet(RequestFactory().get("/look.css"))
    assert response["Content-Type"].startswith("text/css") and "immutable" in response["Cache-Control"]


def test_a_chosen_theme_is_remembered_out_of_reach_of_scripts() -> None:
    response = views.choose_theme(RequestFactory().post("/theme", {"theme": "light", "next": "/desk?q=1"}))
    cookie = response.cookies[COOKIE]
    assert (response.status_code, response["Location"], cookie.value) == (302, "/desk?q=1", "light")
    assert (
        cookie["httponly"]
        and cookie["samesite"] == "Lax"
        and bool(cookie["secure"]) == settings.SESSION_COOKIE_SECURE
    )


@pytest.mark.parametrize("away", ["https://example.com/", "//example.com", "javascript:alert(1)", ""])
def test_choosing_a_theme_leads_to_no_other_site(away: str) -> None:
    response = views.choose_theme(RequestFactory().post("/theme", {"theme": "dark", "next": away}))
    assert response["Location"] == "/"


def test_a_theme_we_do_not_have_is_not_remembered() -> None:
    assert not views.choose_theme(RequestFactory().post("/theme", {"theme": "pink"})).cookies
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = '"><script>'
    assert theme_of(request) == "" == theme_of(None)


def test_the_font_is_cut_to_what_spanish_and_european_names_need(tmp_path: Path) -> None:
    file = cut_font(tmp_path / "fonts")
    assert file == tmp_path / "fonts" / FONT and cut_font(tmp_path / "fonts") == file, "safe to call twice"
    assert 10_000 < file.stat().st_size < 35_000
    font = TTFont(file)
    assert {ord(letter) for letter in "aZ0ñÑáü¿¡’“”…—–−→€$Łőš"} <= set(font.getBestCmap())
    assert [axis.axisTag for axis in font["fvar"].axes] == ["wght"]
    assert "tnum" in {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
    assert [one.name for one in file.parent.iterdir()] == [FONT], "nothing half-made stays"


def test_without_the_packages_set_up_goes_on_with_the_system_s_face(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "fontpkg_figtree", None)
    assert cut_font(tmp_path) is None and not list(tmp_path.iterdir())
    assert "fontpkg_figtree is not installed" in capsys.readouterr().err
