"""The one exception that a person may meet."""


class Refused(Exception):
    """A rule said no. `code` is stable; its wording lives in `academy.web.refusals`."""

    def __init__(self, code: str, **details: object):
        super().__init__(code)
        self.code = code
        self.details = details
