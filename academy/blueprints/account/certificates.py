"""My certificates: each as a paper to take away."""

from academy.blueprints.account.area import bp
from academy.domain import certificates
from academy.extensions import limiter
from academy.models import Certificate
from academy.policies import Action
from academy.web.certificates import send
from academy.web.guard import allow


def certificate_of(id: int) -> Certificate | None:
    """A valid certificate: one that was revoked is no longer given out."""
    row = certificates.by_id(id)
    return row if row is not None and row.revoked_at is None else None


@bp.get("/moi/attestations/<int(max=2147483647):id>.pdf")
@limiter.limit("60 per minute")
@allow(Action.CERTIFICATE_OWN, on=certificate_of)
def certificate_paper(row: Certificate):
    """Send the paper to the person whose it is, in the page's language."""
    return send(row)
