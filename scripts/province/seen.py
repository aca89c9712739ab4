"""One deployment as it was just read: its register, and what proves each ward's reports."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from homthu.domain.reports.chain_lines import NAME, ChainLine, read_chain
from homthu.render.register import SIGNATURE_PATH
from posters.fetch import Fetch, Unreachable
from posters.register import Reading, RegisterProblem

from province.memory import Memory
from province.signature import NotSigned, Signed, check, digest_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A reading with the digests of its wards' reports, by code; of a ward that shows none, a problem."""

    reading: Reading
    chains: Mapping[str, list[ChainLine]] = field(default_factory=dict)
    signed: Signed | None = None
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
        signed, found = _signature(reading, fetch)
        return cls(reading=reading, chains=chains, signed=signed, problems=(*problems, *found))

    def compared_with(self, memory: Memory, today: date) -> Iterator[RegisterProblem]:
        """What is wrong with it, also beside what was seen before; and remember it."""
        yield from self.problems
        for box in self.reading.boxes:
            if (chain := self.chains.get(box["ward"]["code"])) is not None:
                yield from memory.compare(self.reading.source, box, chain, today)
            yield from memory.compare_key(self.reading.source, box["ward"]["code"], self.signed)


def _signature(reading: Reading, fetch: Fetch) -> tuple[Signed | None, list[RegisterProblem]]:
    """The signature of a register, and what is wrong with it. Nobody has to sign; `Memory` knows who did."""
    source = reading.source
    try:
        signed = check(fetch(source + SIGNATURE_PATH))
    except Unreachable:
        return None, []
    except NotSigned as bad:
        return None, [RegisterProblem(source=source, code=bad.code)]
    boxes = {str(box["ward"]["code"]): box for box in reading.boxes}
    other = [code for code, box in boxes.items() if signed.wards.get(code) != digest_of(box)]
    other += sorted(signed.wards.keys() - boxes.keys())
    if signed.url != source:
        other = list(boxes)
    return signed, [
        RegisterProblem(source=source, code="signed_otherwise", data={"ward": code}) for code in other
    ]


def _unread(source: str, ward: str, url: str, code: str, detail: str) -> RegisterProblem:
    data = {"ward": ward, "url": url, "reason": f"register.reason.{code}", "detail": detail, "status": detail}
    return RegisterProblem(source=source, code="no_chain", data=data)
