"""What tests of pages in process do over and over: open, click, read."""

from __future__ import annotations

import json

import pyarrow as pa


def opened(app, page, tab=None, **query):
    """A page by its address; `from_` and `with_` stand for words that Python keeps."""
    app.run()
    for name, value in query.items():
        app.query_params[name.rstrip("_")] = str(value)
    if tab:
        app.session_state["training_tab"] = tab
    app.switch_page(page).run()
    assert list(app.exception) == []
    return app


def clicked(app, label):
    button = next(each for each in app.button if each.label == label)
    button.click().run()
    assert list(app.exception) == []
    return app


def said(app):
    kinds = (app.title, app.subheader, app.caption, app.markdown, app.info, app.warning, app.error)
    return [each.value for kind in kinds for each in kind]


def data_of(app, name):
    """What a component of ours was given to show."""
    [found] = [each for each in app.get("bidi_component") if each.proto.component_name == name]
    return json.loads(found.proto.json)


def charts(app):
    """The charts of a page; every word of their data has a mark."""
    drawn = [chart.proto for chart in app.get("vega_lite_chart")]
    specs = [json.loads(chart.spec) for chart in drawn]
    assert [
        words for one, spec in zip(drawn, specs, strict=True) for words in _lost(one, spec)
    ] == []
    return specs


def data_of_chart(app, title):
    """The rows that a chart of the page was given to draw."""
    drawn = [chart.proto for chart in app.get("vega_lite_chart")]
    [found] = [one for one in drawn if json.loads(one.spec)["title"]["text"] == title]
    return pa.ipc.open_stream(found.data.data).read_all().to_pylist()


def _lost(chart, spec):
    """Words of the data that a scale of the chart leaves out, so that nothing is drawn for them."""
    if not chart.data.data:
        return
    columns = pa.ipc.open_stream(chart.data.data).read_all().to_pydict()
    for layer in (spec, *(layer for layer in spec.get("layer", ()) if "data" not in layer)):
        for encoding in filter(_has_words, layer.get("encoding", {}).values()):
            words = set(columns.get(encoding["field"], ())) - {None, *encoding["scale"]["domain"]}
            yield from [words] if words else []


def _has_words(encoding):
    scale = encoding.get("scale") if isinstance(encoding, dict) else None
    domain = scale.get("domain") if isinstance(scale, dict) else None
    return isinstance(domain, list) and all(isinstance(word, str) for word in domain)


def listed(app):
    """The cases of a list."""
    return [card["id"] for card in data_of(app, "case_list")["cases"]]


def select_case(app, inspection_id):
    app.session_state["case_list"] = {"selected": inspection_id}
    return app.run()


def field(kind, label):
    return next(each for each in kind if each.label == label)
