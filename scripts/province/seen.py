"""One deployment as it was just read: its register, and what proves each ward's reports."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from homthu.render.board.chain_file import NAME, ChainLine, read_chain
from posters.fetch import Fetch, Unreachable
from posters.register import Reading, RegisterProblem

from province.memory import Memory


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A reading with the digests of its wards' reports, by code; of a ward that shows none, a problem."""

    reading: Reading
    chains: Mapping[str, list[ChainLine]] = field(default_factory=dict)
    problems: tuple[RegisterProblem, ...] = ()

    @classmethod
    def of(cls, reading: Reading, fetch: Fetch) -> "Seen":
        """Fetch what goes with a reading, within what its peer may still take."""
        chains, problems = {}, []
        for box in reading.boxes:
            code = str(box["ward"]["code"])
            url = f"{reading.source}/ket-qua/{code}/{NAME}"
            try:
                chains[code] = read_chain(fetch(url))
            except Unreachable as error:
                problems.append(_unread(reading.source, code, url, error.code, error.detail))
            except ValueError:
                problems.append(_unread(reading.source, code, url, "not_a_chain", ""))
        return cls(reading=reading, chains=chains, problems=tuple(problems))

    def compared_with(self, memory: Memory, today: date) -> Iterator[RegisterProblem]:
        """What is wrong with it, also beside what was seen before; and remember it."""
        yield from self.problems
        for box in self.reading.boxes:
            if (chain := self.chains.get(box["ward"]["code"])) is not None:
                yield from memory.compare(self.reading.source, box, chain, today)


def _unread(source: str, ward: str, url: str, code: str, detail: str) -> RegisterProblem:
    data = {"ward": ward, "url": url, "reason": f"register.reason.{code}", "detail": detail, "status": detail}
    return RegisterProblem(source=source, code="no_chain", data=data)
