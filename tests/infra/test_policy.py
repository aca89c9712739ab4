"""Plans that Terraform takes and our policy refuses."""

import pytest
from infra.grid import laid_out
from infra.roots import INFRA, Root

from infra import mistakes, operation_mistakes, policy

pytestmark = pytest.mark.terraform
FORBIDDEN = mistakes.FORBIDDEN | operation_mistakes.FORBIDDEN
#: Of those in a set one hides what is said of another, or Terraform does not take both.
APART = [
    {"no rehearsal", "a token for a path", "a rehearsal that sends the report", "a rehearsal on Monday"},
    {"nothing expires", "submissions that expire", "cases that expire"},
    {
        *("a setting forgotten", "a setting in the wrong words"),
        *("two secrets on one folder", "two secrets swapped", "a secret mounted elsewhere"),
    },
    {"the desk's secret for the world", "two secrets swapped", "a secret for every function"},
]
PLACES = laid_out(FORBIDDEN, INFRA, APART, rows=8)
ROWS = sorted({row for row, _ in PLACES.values()})
COLUMNS = sorted({column for _, column in PLACES.values()})


@pytest.mark.parametrize("number", ROWS)
def test_the_policy_refuses_each_mistake_of_a_row(deployed: Root, number: int) -> None:
    refuses(deployed, [name for name, (row, _) in PLACES.items() if row == number])


@pytest.mark.long
@pytest.mark.parametrize("number", COLUMNS)
def test_what_it_refuses_is_that_mistake_and_no_other_of_its_row(deployed: Root, number: int) -> None:
    refuses(deployed, [name for name, (_, column) in PLACES.items() if column == number])


def refuses(root: Root, names: list[str]) -> None:
    """What the policy says to these, made at once, is what it shall, and nothing that it says to others."""
    for name in names:
        file, old, new, _ = FORBIDDEN[name]
        root.edit(file, old, new)
    root.apply()
    said = " | ".join(policy.violations(root.resources()))
    shall = {FORBIDDEN[name][-1] for name in names}
    does = {says for *_, says in FORBIDDEN.values() if says in said}
    assert does == shall, said
