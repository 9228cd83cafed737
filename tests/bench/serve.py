"""Serve one application with the product's own server: `python -m tests.bench.serve hello|academy PORT`."""

import logging
import sys

import waitress
from flask import Flask


def hello() -> Flask:
    """The yardstick: the least that Flask does."""
    app = Flask("hello")

    @app.get("/")
    def index() -> str:
        return "Hello, World!"

    return app


def academy() -> Flask:
    from academy import create_app
    from academy.extensions import limiter

    app = create_app()
    limiter.enabled = False  # one address asks thousands of times here
    return app


if __name__ == "__main__":
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    application = {"hello": hello, "academy": academy}[sys.argv[1]]()
    waitress.serve(application, host="127.0.0.1", port=int(sys.argv[2]), threads=4, _quiet=True)
