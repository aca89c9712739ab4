"""Finding people's names: behind a title («ông Nguyễn Văn Hùng», «chị Lan»), or where somebody says theirs.

A name is what is written with capitals, so «anh hùng địa chính» is not seen; without them only a surname
with a usual middle name is («ong nguyen van hung»). Not a name is an office («ông Chủ tịch»), and what a
street, a school or a market is called («đường Bà Triệu»). A name without a title is not looked for.
"""

import re
from collections.abc import Iterator
from functools import cache

from homthu.domain.text import fold

_TITLES = (
    "ông|bà|anh|chị|cô|chú|bác|em|cháu|thầy|cậu|dì|mợ|thím|dượng|cụ|đồng chí|đ/c"
    "|ong|ba|chi|co|chu|bac|thay|cau|cu|mr|mrs|ms|miss"
)
#: Words after which people say who they are.
_CALLED = "tên tôi là|tên em là|tên cháu là|tôi tên là|tôi tên|em tên|họ tên|họ và tên|tôi là"
#: Any capital letter, including the Vietnamese ones.
CAPITAL = "[{}]".format(
    "".join(one for one in map(chr, range(0x41, 0x1EFA)) if one.isupper() and one.isalpha())
)
_WORD = rf"{CAPITAL}[^\W\d_]{{0,6}}"
_NAME = rf"{_WORD}(?:\s{_WORD}){{0,4}}"
_SURNAMES = (
    "nguyễn|nguyen|trần|tran|lê|le|phạm|pham|hoàng|hoang|huỳnh|huynh|vũ|vu|võ|vo|đặng|dang|bùi|bui|đỗ|do|hồ|ho"
    "|ngô|ngo|dương|duong|lý|ly|đinh|dinh|đào|dao|đoàn|doan|trịnh|trinh|mai|lưu|luu|phan|hà|ha|tạ|ta"
)
_MIDDLES = "văn|van|thị|thi|đức|duc|hữu|huu|ngọc|ngoc|minh|xuân|xuan|quốc|quoc|thanh|thu|đình|dinh|công|cong"
_SMALL = rf"(?:{_SURNAMES})\s(?:{_MIDDLES})(?:\s(?:{_MIDDLES}))?\s[^\W\d_]{{2,6}}"
#: What follows a title and may begin an office, a kinship or a people, as it is written without marks.
_OFFICE = re.compile(
    r"(?:chu|pho|truong|bi|giam|can|cong|thu|hoi|to|tong|ban|doi|doan|phong|uy|bo|giao|nhan|ke|thanh|dai|dan"
    r"|dang|ho|viet|nam|trung|bac|mat|khu|thon|xom|quan|xa|phuong|tp|ubnd|hdnd|ca|csgt|qcdc|bcd)"
)
#: What turns such a word into an office, for it may be a name too: «chị Thu», «anh Nam», but «bà Bí thư».
_GO_ON = re.compile(
    r"(?:tich|truong|pho|thu|bi|doc|bo|chuc|an|ban|vien|dan|ke|doan|nhan|phu|nong|chu|hoi|uy|dang|phong|van"
    r"|tri|xuan|thanh|nien|xa|phuong|khu|to|thon|quoc|dong|su|toan|cong|quan|nguyen|tu|hoa|mau|bien|duong|vu)"
)
#: What follows «MS» where that is no title.
_PROGRAMS = {"word", "excel", "office", "access", "teams"}
_PLACE_BEFORE = re.compile(
    r"(?:đường|phố|chợ|chùa|đền|miếu|núi|phường|xã|huyện|quận|tỉnh|trường|ngõ|ngách|hẻm|cầu|bến|khu|thôn"
    r"|làng|hội)\s$",
    re.IGNORECASE,
)


@cache
def _looks() -> tuple[re.Pattern[str], ...]:
    # «ông/bà Mai»: the title of a writer who does not know which.
    title = rf"(?<![\w/])(?i:(?:ông|anh|cô|ong|co)/)?(?i:{_TITLES})\.?\s"
    titled = rf"{title}(?P<name>{_NAME})"
    called = rf"(?<!\w)(?i:{_CALLED})[\s:]{{1,2}}(?P<name>{_WORD}(?:\s{_WORD}){{1,4}})"
    small = rf"{title}(?P<name>(?i:{_SMALL}))(?!\w)"
    return tuple(re.compile(one) for one in (titled, called, small))


def find_names(text: str) -> Iterator[tuple[int, int]]:
    """Where each name begins and ends, without its title."""
    found: list[tuple[int, int]] = []
    for pattern in _looks():
        for match in pattern.finditer(text):
            start, end = match.span("name")
            is_new = not any(start < other_end and other < end for other, other_end in found)
            if is_new and not (_PLACE_BEFORE.search(text[: match.start()]) or _is_no_name(match)):
                found.append((start, end))
    yield from found


def _is_no_name(match: re.Match[str]) -> bool:
    """Whether what follows a title is an office («Chủ tịch», «Bí thư») or a figure everybody knows («Bác
    Hồ»).
    """
    title, words = match[0][: match.start("name") - match.start()], fold(match["name"]).split()
    if title[0].isupper() and fold(title).strip() == "bac" and words[0] == "ho":
        return True
    if fold(title).strip() == "ms" and words[0] in _PROGRAMS:
        return True
    if words[0] == "trung" and fold(match.string[: match.start("name")]).endswith("hai ba "):
        return True
    if not _OFFICE.fullmatch(words[0]):
        return False
    following = fold(match.string[match.end() :]).split(maxsplit=1)
    second = words[1] if len(words) > 1 else following[0].strip(".,;:!?") if following else ""
    return _GO_ON.fullmatch(second) is not None
