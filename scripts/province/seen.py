"""One deployment as just read: its register, and what proves each ward's reports."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from homthu.domain.reports.chain_lines import NAME, ChainLine, read_chain
from homthu.render.register import SIGNATURE_PATH
from posters.fetch import Fetch, Unreachable
from posters.register import PublishedRegister, RegisterProblem, read_register

from province.memory import Memory
from province.shares import WardForms, WardShare, read_results
from province.signature import NotSigned, Signed, check


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A reading with the digests of its wards' reports, by code; of a ward that shows none, a problem."""

    reading: PublishedRegister
    chains: Mapping[str, list[ChainLine]] = field(default_factory=dict)
    signed: Signed | None = None
    results: tuple[WardShare | WardForms, ...] = ()
    problems: tuple[RegisterProblem, ...] = ()

    @classmethod
    def at(
        cls,
        source: str,
        fetch: Fetch,
        domains: tuple[str, ...],
        *,
        opens_places: bool,
        proofs: bool = True,
        results: bool = False,
    ) -> "Seen":
        """Read a source. What no check foresaw is a problem of this source, and ends no other's reading."""
        try:
            reading = read_register(source, fetch, domains, opens_places=opens_places)
            return cls.of(reading, fetch, proofs=proofs, results=results)
        except Exception as error:
            problem = RegisterProblem(source=source, code="failed", data={"kind": type(error).__name__})
            return cls(reading=PublishedRegister(source=source, boxes=(), problems=(problem,)))

    @classmethod
    def of(
        cls, reading: PublishedRegister, fetch: Fetch, *, proofs: bool = True, results: bool = False
    ) -> "Seen":
        """Fetch `proofs` and `results` of a reading, within what its peer may still take."""
        chains: dict[str, list[ChainLine]] = {}
        shares: list[WardShare | WardForms] = []
        problems: list[RegisterProblem] = []
        for code in (str(box["ward"]["code"]) for box in reading.boxes):
            at = f"{reading.source}/ket-qua/{code}"
            chain = _fetched(reading, code, f"{at}/{NAME}", fetch, read_chain, problems) if proofs else None
            if chain is not None:
                # Stored even if empty: a ward that has lost all its reports.
                chains[code] = chain
            if results and (told := _fetched(reading, code, f"{at}.json", fetch, read_results, problems)):
                shares.append(told)
        if not proofs:
            return cls(reading=reading, problems=tuple(problems), results=tuple(shares))
        signed, found = _signature(reading, fetch)
        return cls(
            reading=reading,
            chains=chains,
            signed=signed,
            problems=(*problems, *found),
            results=tuple(shares),
        )

    def compared_with(self, memory: Memory, today: date) -> Iterator[RegisterProblem]:
        """What is wrong with it beside what was seen before; and remember it."""
        listed = [box["ward"]["code"] for box in self.reading.boxes]
        yield from memory.compare_listed(self.reading.source, listed)
        yield from self._shown_otherwise()
        for box in self.reading.boxes:
            if (chain := self.chains.get(box["ward"]["code"])) is not None:
                yield from memory.compare(self.reading.source, box, chain, today)
            covered = self.signed is not None and self.signed.covers(self.reading.source, box)
            yield from memory.compare_key(
                self.reading.source, box["ward"]["code"], self.signed, covered=covered
            )

    def _shown_otherwise(self) -> Iterator[RegisterProblem]:
        """Wards whose register and chain show different digests for one report."""
        for code, (number, shown) in self.reading.last_reports.items():
            for line in self.chains.get(code, ()):
                if f"{line.number}/{line.year}" == number and line.digest != shown:
                    data = {"ward": code, "report": number, "shown": shown[:16], "chain": line.digest}
                    yield RegisterProblem(source=self.reading.source, code="shown_otherwise", data=data)


def _signature(reading: PublishedRegister, fetch: Fetch) -> tuple[Signed | None, list[RegisterProblem]]:
    """The signature of a register, and what is wrong with it. Nobody has to sign; `Memory` knows who did."""
    source = reading.source
    try:
        signed = check(fetch(source + SIGNATURE_PATH))
    except Unreachable:
        return None, []
    except NotSigned as bad:
        return None, [RegisterProblem(source=source, code=bad.code)]
    other = [box["ward"]["code"] for box in reading.boxes if not signed.covers(source, box)]
    if signed.url == source:
        other += sorted(signed.wards.keys() - {box["ward"]["code"] for box in reading.boxes})
    return signed, [
        RegisterProblem(source=source, code="signed_otherwise", data={"ward": code}) for code in other
    ]


T = TypeVar("T")


def _fetched(
    reading: PublishedRegister,
    ward: str,
    url: str,
    fetch: Fetch,
    read: Callable[[bytes], T],
    problems: list[RegisterProblem],
) -> T | None:
    """What lies at an address, read; None with a problem more if it cannot be."""
    kind, fault = ("no_chain", "not_a_chain") if url.endswith(NAME) else ("no_results", "not_results")
    try:
        return read(fetch(url))
    except Unreachable as error:
        fault, detail = error.code, error.detail
    except ValueError:
        detail = ""
    data = {
        "ward": ward,
        "url": url,
        "reason": f"register.reason.{fault}",
        "detail": detail,
        "status": detail,
    }
    problems.append(RegisterProblem(source=reading.source, code=kind, data=data))
    return None
