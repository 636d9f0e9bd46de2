"""What tests of pages in process do over and over: open, click, read."""

from __future__ import annotations


def opened(app, page, tab=None, **query):
    app.run()
    for name, value in query.items():
        app.query_params[name] = str(value)
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


def field(kind, label):
    return next(each for each in kind if each.label == label)
