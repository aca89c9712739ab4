"""In the cloud a job with many wards starts only with a queue: it could not go through them in one call."""

import pytest
from dev.benching.wards import write_wards
from homthu.bootstrap.start import MOST_WITHOUT_QUEUE, CannotStart, start

QUEUE = "tasks://gop-y/asia-southeast1/homthu-report?account=homthu-scheduler@gop-y.iam.gserviceaccount.com"


@pytest.fixture
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("wards")
    return {
        "HOMTHU_BOXES": str(write_wards(folder / "boxes", MOST_WITHOUT_QUEUE + 1)),
        "HOMTHU_STORE": "firestore://gop-y/(default)",
        "HOMTHU_MAIL": "ses://ap-southeast-1",
        "HOMTHU_BASE_URL": "https://gop-y.web.app",
        "HOMTHU_SENDER": "hom-thu@example.org",
        "K_SERVICE": "homthu-watch",
    }


def test_more_wards_than_one_call_goes_through_need_a_queue(environ: dict[str, str]) -> None:
    with pytest.raises(CannotStart, match=rf"HOMTHU_QUEUE: .*{MOST_WITHOUT_QUEUE}.*wards_at_once"):
        start("watch", environ)
    start("watch", {**environ, "HOMTHU_QUEUE": QUEUE})
    # On a machine of one's own a call takes as long as it takes.
    start("watch", {name: value for name, value in environ.items() if name != "K_SERVICE"})
