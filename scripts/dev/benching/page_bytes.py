"""What a form weighs on the wire, in both encodings, over every option of its address."""

from collections.abc import Iterator
from itertools import product

from dev.benching.figure import Figure
from dev.benching.functions import Served

#: One flight of a new connection: ten segments of 1,460 bytes, less the headers (RFC 6928).
LIMIT_BYTES = 14_336
QUERIES = tuple(
    f"?m={mode}&l={language}&c={size}"
    for mode, language, size in product(("", "ho-tro", "kiosk", "nhap-phieu"), ("", "en"), ("", "to"))
)


def measure(served: Served) -> Iterator[Figure]:
    """The heaviest variant of the first place's form."""
    for encoding in ("gzip", "br"):
        heaviest = max(len(served.get(served.path + query, encoding)) for query in QUERIES)
        yield Figure(
            name=f"form page bytes ({encoding}, heaviest variant)",
            ours=heaviest,
            limit=LIMIT_BYTES,
            ratio=heaviest / LIMIT_BYTES,
        )
