"""The commands of `flask`, one module a noun."""

from flask import Flask


def init_app(app: Flask) -> None:
    from academy.cli import check, content, demo, index, jobs, start

    for command in (content.group, demo.group, index.group, jobs.group, check.check, start.start):
        app.cli.add_command(command)
