"""What the blueprints share: the guard, identity, languages, headers, errors, the page cache."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire the web layer, in the order in which a request meets it."""
    from academy.web import (
        assets,
        cells,
        csrf,
        drawings,
        errors,
        filters,
        flags,
        fragments,
        headers,
        identity,
        limits,
        linked_data,
        links,
        locale,
        navigation,
        page_cache,
        questions,
        remembered,
        session_cookie,
        spoken,
        statements,
        version,
    )

    remembered.init_app(app)
    limits.init_app(app)
    session_cookie.init_app(app)
    identity.init_app(app)
    csrf.init_app(app)
    locale.init_app(app)
    filters.init_app(app)
    cells.init_app(app)
    spoken.init_app(app)
    navigation.init_app(app)
    links.init_app(app)
    statements.init_app(app)
    linked_data.init_app(app)
    fragments.init_app(app)
    assets.init_app(app)
    flags.init_app(app)
    drawings.init_app(app)
    errors.init_app(app)
    questions.init_app(app)
    page_cache.init_app(app, version.init_app(app))  # around Flask, inside the language prefix
    headers.init_app(app)
    app.wsgi_app = locale.LanguagePrefix(app.wsgi_app)
