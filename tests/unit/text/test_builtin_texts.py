"""Each Streamlit text that we exchange must still stand in the installed Streamlit's bundle."""

from pathlib import Path

import pytest
import streamlit

from pages.ui.kit.builtin_texts import texts

_BUNDLE = "".join(
    path.read_text(encoding="utf-8")
    for path in (Path(streamlit.__file__).parent / "static/static/js").glob("*.js")
)


@pytest.mark.parametrize("text", sorted(texts()))
def test_it_still_stands_in_the_bundle(text: str) -> None:
    composed = text.replace("apply", "${e}").replace("submit form", "${e}").removesuffix("...")
    composed = composed.removesuffix(": {name}").removesuffix("{name}")
    composed = composed.removeprefix("{size}")  # what is before is computed
    first, _, second = composed.partition(". ")
    assert any(f"{before}{first}" in _BUNDLE for before in "`\"'}")
    assert second in _BUNDLE
