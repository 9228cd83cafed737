"""Whether a certificate is valid: its title, its dates and initials, nothing else."""

from flask import Blueprint, redirect, render_template, request, url_for

from academy.domain import certificates
from academy.domain.stated import initials
from academy.extensions import limiter
from academy.policies import Action
from academy.web.certificates import dates_of, subject_of
from academy.web.guard import allow
from academy.web.page_cache import no_store

bp = Blueprint("verification", __name__)
MOST_TYPED = 120  # characters that are read and shown again

# A code has 140 bits: the limit keeps guessing from costing us, not from succeeding.
_guesses = limiter.limit("60 per minute")


@bp.get("/verifier/")
@_guesses
@allow(Action.CERTIFICATE_VERIFY)
def form():
    """Ask for a code; one that was typed leads to its page."""
    no_store()
    typed = request.args.get("code", "").strip()[:MOST_TYPED]
    if not typed:
        return render_template("verification/form.html", typed="", is_unknown=False)
    if code := certificates.normal(typed):
        return redirect(url_for(".show", code=code), 303)
    return render_template("verification/form.html", typed=typed, is_unknown=True), 404


@bp.get("/verifier/<code>")
@_guesses
@allow(Action.CERTIFICATE_VERIFY)
def show(code: str):
    """Say whether the certificate of this code is valid."""
    no_store()
    row = certificates.by_code(code)
    if row is None:
        return render_template("verification/form.html", typed=code[:MOST_TYPED], is_unknown=True), 404
    return render_template(
        "verification/show.html",
        is_valid=row.revoked_at is None,
        subject=subject_of(row),
        dates=dates_of(row),
        initials=initials(row.stated["name"]),
    )
