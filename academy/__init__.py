"""One Provence Academy: cycles of sessions and a resource centre accessible to all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from academy.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application; without *settings*, from the `ACADEMY_*` environment variables."""
    # Imported here so that `academy.rendering.worker`, a child process, starts without Flask.
    from werkzeug.middleware.proxy_fix import ProxyFix

    from academy import blueprints, cli, extensions, jobs, search, web
    from academy.config import Settings
    from academy.files import store
    from academy.web.application import Application

    settings = settings or Settings.from_environ()
    settings.instance.mkdir(parents=True, exist_ok=True)
    app = Application(__name__, instance_path=str(settings.instance), static_folder=None)
    app.config.from_mapping(settings.flask_config())
    for part in (extensions, store, search, web, blueprints, cli, jobs):
        part.init_app(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    return app
