"""The WSGI entry point of every server."""

from academy import create_app

app = create_app()
