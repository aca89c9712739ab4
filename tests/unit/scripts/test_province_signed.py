"""What a province makes of signatures that hold by themselves, but not for what was read."""

import json
from dataclasses import replace
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from homthu.adapters.box_files.folder import load_boxes
from homthu.config import BOXES
from homthu.domain.boxes.box import Box
from homthu.render.register import PATH, SIGNATURE_PATH, render_register
from posters.fetch import Unreachable
from posters.register import RegisterProblem
from posters.register_list import describe_problem
from printing import TEXTS
from province.memory import Memory
from province.seen import Seen
from province.signature import NotSigned, check, public_key, sign

URL = "https://gopy.phuong.gov.vn"
DAY = date(2026, 11, 25)
BOX, OTHER = list(load_boxes(BOXES).by_ward.values())[:2]
CODE = BOX.ward.code
CHANGED = replace(BOX, contact=replace(BOX.contact, phone="0204 999 9999"))
KEY, STRANGER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


def look(memory: Memory, boxes: list[Box], signature: bytes = b"", url: str = URL) -> list[str]:
    """Read a deployment of these boxes; give the codes of what is told."""
    register = render_register(boxes, url, DAY)
    served = {url + PATH: register} | ({url + SIGNATURE_PATH: signature} if signature else {})
    served |= {f"{url}/ket-qua/{box.ward.code}/chuoi.txt": b"" for box in boxes}

    def fetch(address: str) -> bytes:
        if address not in served:
            raise Unreachable("status", "404")
        return served[address]

    seen = Seen.at(url, fetch, ("gov.vn",), opens_places=False)
    problems: list[RegisterProblem] = [*seen.reading.problems, *seen.problems]
    problems += seen.compared_with(memory, DAY)
    assert all(describe_problem(one, TEXTS) for one in problems)
    return [one.code for one in problems]


@pytest.mark.parametrize(
    "signature",
    [sign(STRANGER, [BOX], "https://khac.gov.vn"), sign(STRANGER, [CHANGED], URL), sign(STRANGER, [], URL)],
)
def test_a_key_is_known_only_by_a_signature_for_this_ward_at_this_address(signature: bytes) -> None:
    memory = Memory()
    assert "signed_otherwise" in look(memory, [BOX], signature)
    assert memory.wards[CODE].key == ""
    assert look(memory, [BOX], sign(KEY, [BOX], URL)) == []
    assert memory.wards[CODE].key == public_key(KEY)


def test_a_key_is_followed_only_by_a_signature_for_this_ward() -> None:
    memory, first = Memory(), sign(KEY, [BOX], URL)
    look(memory, [BOX], first)
    assert look(memory, [BOX], sign(STRANGER, [CHANGED], URL, before=first, by=KEY)) == ["signed_otherwise"]
    assert memory.wards[CODE].key == public_key(KEY)


def test_a_ward_that_is_listed_twice_is_signed_twice_or_told() -> None:
    told = look(Memory(), [CHANGED, BOX], sign(KEY, [BOX], URL))
    assert told.count("signed_otherwise") == 1


def test_a_ward_that_its_source_no_longer_lists_is_told_until_somebody_has_looked() -> None:
    memory = Memory()
    assert look(memory, [BOX, OTHER]) == []
    for _ in range(2):
        assert look(memory, [OTHER]) == ["wards_gone"]
    assert look(memory, [BOX, OTHER]) == []
    # Nor does it go unseen where the register is no longer one.
    assert "wards_gone" in look(memory, [])
    memory.accept(CODE)
    assert look(memory, [OTHER]) == []


def test_a_ward_that_another_source_lists_is_told_once() -> None:
    memory, new = Memory(), "https://moi.gov.vn"
    look(memory, [BOX])
    assert "ward_moved" in look(memory, [BOX], url=new)
    assert look(memory, [BOX], url=new) == []
    assert look(memory, [OTHER], url=new) == ["wards_gone"]


def without_number(signature: bytes) -> bytes:
    """A statement as it was before there were numbers, signed by the same key."""
    document = json.loads(signature)
    said = json.loads(document["statement"])
    del said["number"]
    statement = json.dumps(said)
    return json.dumps(
        {**document, "statement": statement, "signature": KEY.sign(statement.encode()).hex()}
    ).encode()


def test_an_old_register_with_its_own_signature_is_told_each_time() -> None:
    memory, old = Memory(), sign(KEY, [BOX], URL)
    new = sign(KEY, [CHANGED], URL, before=old)
    assert [check(one).number for one in (old, new)] == [1, 2]
    for box, signature in ((BOX, old), (CHANGED, new)):
        assert look(memory, [box], signature) == []
    for replayed in (old, without_number(old)):
        for _ in range(2):
            assert look(memory, [BOX], replayed) == ["signed_before"]
    assert look(memory, [CHANGED], new) == []
    # The file before it was lost: the day goes on all the same.
    assert look(memory, [BOX], sign(KEY, [BOX], URL, number=100)) == []
    assert look(memory, [CHANGED], new) == ["signed_before"]


def test_a_statement_without_a_number_can_be_read_and_is_followed_by_one_with_it() -> None:
    memory, old = Memory(), without_number(sign(KEY, [BOX], URL))
    assert check(old).number == 0
    assert look(memory, [BOX], old) == []
    assert look(memory, [BOX], sign(KEY, [BOX], URL, before=old)) == []
    assert memory.wards[CODE].signed == 1


@pytest.mark.parametrize("number", ["1", True, -1, 1.5, 2**60, None])
def test_a_number_that_is_none_is_no_signature(number: object) -> None:
    document = json.loads(sign(KEY, [BOX], URL))
    statement = json.dumps({**json.loads(document["statement"]), "number": number})
    signature = KEY.sign(statement.encode()).hex()
    with pytest.raises(NotSigned):
        check(json.dumps({**document, "statement": statement, "signature": signature}).encode())
