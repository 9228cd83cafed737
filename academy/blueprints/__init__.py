"""The areas of the site, one package each; none knows another."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register every blueprint, under the addresses of the URL map."""
    from academy.blueprints import (
        account,
        api,
        cycles,
        desk,
        home,
        modules,
        oai,
        presence,
        resources,
        sessions,
        studio,
        styles,
        venues,
        verification,
    )

    public = (home, cycles, modules, sessions, venues, resources, account, presence, verification)
    for area in (*public, studio, desk, api, oai):
        app.register_blueprint(area.bp)
    if not app.config["SETTINGS"].production:
        app.register_blueprint(styles.bp)
