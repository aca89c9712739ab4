"""Which texts are set apart: their author asks so, answered so, or wrote in such words."""

from typing import Any

import pytest
from builders import SIGNS, submission
from homthu.domain.submissions.petition import is_set_apart

TEXT = "Đèn đường ngõ 12 hỏng hai tuần nay"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, False),
        ({"do_not_quote": True}, True),
        ({"answers": {"phien_ha": "phien_ha"}}, True),
        ({"answers": {"phien_ha": "goi_y_chi"}}, True),
        ({"answers": {"phien_ha": "khong"}}, False),
        ({"answers": {"phien_ha": "khong_tra_loi"}}, False),
        ({"text": "", "answers": {"phien_ha": "goi_y_chi"}}, False),
        ({"text": "", "do_not_quote": True}, False),
        ({"text": "Tôi tố cáo ông A nhận hối lộ"}, True),
    ],
)
def test_a_text_is_set_apart_on_request_by_its_answers_or_by_its_words(
    changes: dict[str, Any], expected: bool
) -> None:
    assert is_set_apart(submission(**{"text": TEXT, **changes}), SIGNS) is expected
