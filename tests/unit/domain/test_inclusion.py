"""The list of counted forms, put together one form at a time."""

from homthu.domain.submissions.inclusion import CountedForms, commitment_of, commitments_in, count_in, seed_of

REFERENCES = ("7K3P92QWX4HM", "0000000000AB", "ZZZZZZZZZZZZ")


def test_the_list_is_every_commitment_sorted_and_says_how_many() -> None:
    seeds = [seed_of(reference) for reference in REFERENCES]
    counted = CountedForms()
    for seed in seeds:
        counted.add(seed)
    listed = counted.to_bytes()
    assert commitments_in(listed) == sorted(map(commitment_of, seeds))
    assert count_in(listed) == len(seeds)


def test_a_form_from_before_there_were_seeds_is_not_on_it() -> None:
    counted = CountedForms()
    counted.add("")
    assert counted.to_bytes() == b""
    assert count_in(b"") == 0
