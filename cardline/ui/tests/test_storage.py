from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage

from cardline.ui.storage import HashedStaticFiles

STATIC = Path(__file__).parents[2] / "static"


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our scripts and style sheets, as set-up collects them."""
    target = tmp_path_factory.mktemp("collected")
    source = StaticFilesStorage(location=str(STATIC), base_url="/static/")
    storage = HashedStaticFiles(location=str(target), base_url="/static/")
    names = [str(file.relative_to(STATIC)) for file in [*STATIC.glob("js/*.js"), *STATIC.glob("css/*.css")]]
    paths: dict[str, Any] = {name: (source, name) for name in names}
    for name in names:
        storage.save(name, source.open(name))
    failed = [error for _, _, error in storage.post_process(paths) if isinstance(error, Exception)]
    assert not failed
    return target


def test_every_module_imports_its_neighbours_by_their_hashed_names(collected: Path) -> None:
    hashed = [
        file for file in (collected / "js").glob("*.js") if re.search(r"\.[0-9a-f]{12}\.js$", file.name)
    ]
    imports = [
        (file, name)
        for file in hashed
        for name in re.findall(r'(?:import|from) "\./([^"]+)"', file.read_text())
    ]
    assert len(hashed) == len(list(STATIC.glob("js/*.js"))) and len(imports) >= 12
    assert not [name for file, name in imports if file.with_name(name) not in hashed]


def test_a_compressed_copy_lies_beside_each_file(collected: Path) -> None:
    assert not [file for file in collected.glob("*/*.css") if not file.with_name(f"{file.name}.gz").exists()]


def test_all_scripts_of_a_member_page_with_chat_stay_within_their_budget(collected: Path) -> None:
    """DESIGN 9: 20 KB compressed."""
    loaded, more = set(), {"page", "chat"}
    while more:
        name = more.pop()
        loaded.add(name)
        more |= set(re.findall(r'"\./([a-z]+)\.js"', (STATIC / "js" / f"{name}.js").read_text())) - loaded
    assert {"live", "attach", "keep"} <= loaded
    assert sum((collected / "js" / f"{name}.js.gz").stat().st_size for name in loaded) <= 20 * 1024
