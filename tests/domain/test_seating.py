"""Who gets a seat: quotas keep seats for a kind, the rest goes by rank."""

from hypothesis import given, settings, strategies as st

from academy.domain.seating import Asker, who_gets_a_seat
from academy.models import OrganisationKind

COMPANY, PUBLIC, ASSOCIATION, EDUCATION = OrganisationKind
KINDS = st.none() | st.sampled_from(OrganisationKind)


def who(*kinds, capacity=10, quotas=None, taken=None) -> list[int]:
    queue = [Asker(number, kind) for number, kind in enumerate(kinds)]
    return who_gets_a_seat(queue, capacity=capacity, quotas=quotas or {}, taken=taken or {})


def test_without_quotas_the_head_of_the_queue_is_seated():
    assert who(None, COMPANY, None, capacity=2) == [0, 1]
    assert who(None, None, capacity=None) == [0, 1]
    assert who(None, capacity=2, taken={None: 2}) == []


def test_a_kept_seat_passes_over_those_of_other_kinds():
    assert who(COMPANY, COMPANY, EDUCATION, capacity=2, quotas={EDUCATION: 1}) == [0, 2]


def test_a_kind_above_its_quota_takes_what_is_everybodys_and_no_more():
    assert who(*[EDUCATION] * 4, capacity=4, quotas={EDUCATION: 1, COMPANY: 2}) == [0, 1]


def test_seats_above_their_quota_count_as_everybodys():
    """Two students, one of them on a shared seat; so one shared seat is left, and two for companies."""
    taken = {EDUCATION: 2}
    assert who(None, None, COMPANY, capacity=5, quotas={EDUCATION: 1, COMPANY: 2}, taken=taken) == [0, 2]
    assert who(None, None, COMPANY, capacity=4, quotas={EDUCATION: 1, COMPANY: 2}, taken=taken) == [2]


def test_no_seat_beyond_the_capacity_even_where_quotas_are_more():
    assert who(COMPANY, EDUCATION, capacity=1, quotas={EDUCATION: 1, COMPANY: 1}) == [0]
    assert who(COMPANY, capacity=1, quotas={COMPANY: 2}, taken={EDUCATION: 1}) == []


@settings(max_examples=500, deadline=None)
@given(
    st.lists(KINDS, max_size=30),
    st.integers(0, 20),
    st.dictionaries(st.sampled_from(OrganisationKind), st.integers(0, 8)),
    st.dictionaries(KINDS, st.integers(0, 5)),
)
def test_what_always_holds(kinds, capacity, quotas, taken):
    seated = who(*kinds, capacity=capacity, quotas=quotas, taken=taken)
    room = max(capacity - sum(taken.values()), 0)
    assert len(seated) <= room
    assert seated == sorted(set(seated))
    for kind in {None, *OrganisationKind}:  # within a kind nobody passes anybody
        mine = [number for number, one in enumerate(kinds) if one == kind]
        assert [number for number in mine if number in seated] == mine[: sum(number in seated for number in mine)]
    if not quotas:
        assert seated == list(range(min(room, len(kinds))))
    if sum(quotas.values()) <= capacity and not taken:
        for kind, kept in quotas.items():  # a quota is a promise
            assert sum(kinds[number] == kind for number in seated) >= min(kept, kinds.count(kind))
        for number, kind in enumerate(kinds):  # who waits, waits because every seat for them is given or kept
            if number not in seated:
                counts = {one: sum(kinds[other] == one for other in seated) for one in {None, *OrganisationKind}}
                shared = sum(max(count - quotas.get(one, 0), 0) if one else count for one, count in counts.items())
                assert shared == capacity - sum(quotas.values())
                assert kind is None or counts[kind] >= quotas.get(kind, 0)
    # Seating whoever gains changes nothing for those who wait.
    after = dict(taken)
    for number in seated:
        after[kinds[number]] = after.get(kinds[number], 0) + 1
    rest = [kind for number, kind in enumerate(kinds) if number not in seated]
    assert who(*rest, capacity=capacity, quotas=quotas, taken=after) == []
