"""What a load would do with a file: one rule for texts and lists, one for the files beside texts."""

import enum


class State(enum.StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    CONFLICTING = "conflicting"
    MERGED = "merged"  # edited on both sides, in different places
    DRAFTED = "drafted"  # a conflict that becomes a draft with both texts
    REMOVED = "removed"  # a file beside a text; texts are never removed by their absence


def state_of(file_hash: str, *, current: str | None, synced: str | None, head: str | None) -> State:
    """Compare a text with the academy: its hash with the published, the last synced and the last saved source.

    - the same as current (the published revision, or the head when there is none) → unchanged
    - no such text in the academy → created
    - the same as synced (the last load or dump) → kept: the site is newer
    - synced = current = head → changed: the file is newer and wins
    - otherwise → conflicting: both sides were edited, or a draft waits on the site
    """
    if current is None:
        return State.CREATED
    if file_hash == current:
        return State.UNCHANGED
    if file_hash == synced:
        return State.KEPT
    return State.CHANGED if synced == current == head else State.CONFLICTING


def file_state_of(there: str | None, *, current: str | None, synced: str | None) -> State:
    """Compare a file beside a text: digests in the folder, on the site, at the last load or dump; None is absence.

    As for texts, but a file may also be taken away, on either side: what only one side did since the last
    exchange is taken over, what both did differently is a conflict.
    """
    if there == current:
        return State.UNCHANGED
    if there == synced:
        return State.KEPT
    if synced != current:
        return State.CONFLICTING
    if there is None:
        return State.REMOVED
    return State.CREATED if current is None else State.CHANGED
