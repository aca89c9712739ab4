"""Takes submissions in for `submit`, in Firestore: one call each, two for one that is already stored."""

import time

from homthu.adapters.firestore.client import CALL_SECONDS, CallRefused
from homthu.adapters.firestore.documents import FirestoreDocuments
from homthu.adapters.firestore.queries import SUBMISSIONS
from homthu.adapters.store_records import submission_record
from homthu.domain.submissions.receipt_mark import mark_of
from homthu.domain.submissions.submission import Submission
from homthu.ports import Clock, IdTaken, StoreUnavailable

#: How long creating and then looking may take together: the citizen waits for 8 s at most.
_ADD_SECONDS = CALL_SECONDS + 1.5


class FirestoreIntake:
    """Adds submissions, and tells what is stored under an id."""

    def __init__(self, documents: FirestoreDocuments, clock: Clock) -> None:
        self._documents = documents
        self._clock = clock

    def add(self, id: str, submission: Submission, digest: str) -> None:
        """Create the document, with our clock's time: the server's own could not be coarsened.

        If the answer to an attempt was lost, the next one finds what the first stored; that is success.
        """
        begun = time.monotonic()
        record = {**submission_record(submission, digest), "received_at": mark_of(self._clock())}
        try:
            self._documents.create(SUBMISSIONS, id, record)
        except CallRefused as refusal:
            stored = self._digest(id, within=_ADD_SECONDS - (time.monotonic() - begun))
            if stored is None:
                raise StoreUnavailable("vanished") from refusal
            if refusal.after_retry and stored == digest:
                return
            raise IdTaken(stored) from refusal

    def digest(self, id: str) -> str | None:
        """The digest stored under this id, or None."""
        return self._digest(id, within=CALL_SECONDS)

    def _digest(self, id: str, *, within: float) -> str | None:
        document = self._documents.get(SUBMISSIONS, id, only=("digest",), within=within)
        return document.record["digest"] if document else None
