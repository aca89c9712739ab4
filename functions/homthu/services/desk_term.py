"""Desk term: notice whether a ward's list of recipients has changed, and end the passes given out before."""

from dataclasses import replace

from homthu.domain.boxes.box import Box
from homthu.domain.cases.desk_term import DeskTerm, digest_of_people
from homthu.ports import Conflict, DeskTerms, RandomBytes

_NAME_BYTES = 16


def current_term(terms: DeskTerms, box: Box, random_bytes: RandomBytes) -> DeskTerm:
    """The current term of the list, a new one if the list has changed. May raise `StoreUnavailable`.

    It is asked for by everything that deals with the ward: every use of the desk, every report, every start
    of a box on one machine. A list that stood for less than the time between two of these goes unnoticed.
    """
    ward, people = box.ward.code, digest_of_people(box.recipients, box.clerks)
    while True:
        stored = terms.desk_term(ward)
        if stored and stored.people == people:
            return stored
        begun = DeskTerm(ward=ward, people=people, name=random_bytes(_NAME_BYTES).hex())
        try:
            if stored is None:
                return terms.create_desk_term(begun)
            return terms.replace_desk_term(stored, replace(begun, revision=stored.revision))
        except Conflict:
            # Another process noticed it at the same moment: its term holds now, or a newer one.
            continue
