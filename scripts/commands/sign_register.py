"""Sign the register of a deployment, so that its readers see if a server publishes another one.

    scripts/sign-register --key register.pem --new-key          once: makes the key
    scripts/sign-register --key register.pem --base-url URL     before every deploy
    scripts/sign-register --key new.pem --new-key --by register.pem --base-url URL

The last has the old key announce a new one. The signature lies beside the box files and is deployed with
them. The key does not: keep it where neither the servers nor those who run them can read it.
"""

import argparse
import sys
from pathlib import Path

from homthu.adapters.box_files.folder import load_boxes
from homthu.adapters.box_files.problems import BoxProblems
from homthu.adapters.clock import system_clock
from homthu.adapters.whole_file import replace_whole
from homthu.config import BOXES
from homthu.render.register import SIGNATURE_FILE
from posters.address import BadBaseUrl, read_base_url
from province.signature import NotSigned, new_key, public_key, read_key, sign


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--key", type=Path, required=True, metavar="FILE", help="the private key, .pem")
    parser.add_argument("--new-key", action="store_true", help="make the key first")
    parser.add_argument("--by", type=Path, metavar="FILE", help="the old key, which announces a new one")
    parser.add_argument("--base-url", metavar="URL", help="the address that the posters carry")
    parser.add_argument("--boxes", type=Path, default=BOXES, metavar="DIR", help="folder of the box files")
    return parser.parse_args()


def main() -> None:
    """Run the command."""
    arguments = parse()
    try:
        key = new_key(arguments.key) if arguments.new_key else read_key(arguments.key)
        by = read_key(arguments.by) if arguments.by else None
    except FileExistsError:
        sys.exit(f"✗ {arguments.key}: đã có khóa ở đây / there is a key already")
    except (OSError, ValueError):
        sys.exit(f"✗ {arguments.key}: không phải khóa chỉ mình đọc được / no key that only you can read")
    print(f"khóa công khai / public key: {public_key(key)}")
    if not arguments.base_url:
        return
    try:
        base_url = read_base_url(arguments.base_url)
        boxes = load_boxes(arguments.boxes).by_ward.values()
    except BadBaseUrl as bad:
        sys.exit(f"✗ {arguments.base_url}: {bad.code}")
    except BoxProblems as bad:
        sys.exit(f"✗ {arguments.boxes}: chạy scripts/check-box trước / run scripts/check-box first: {bad}")
    target = arguments.boxes / SIGNATURE_FILE
    try:
        before = target.read_bytes() if target.is_file() else None
        # The second of signing: it rises even where the file before it was lost.
        number = int(system_clock().timestamp())
        replace_whole(target, sign(key, boxes, base_url, before=before, by=by, number=number))
    except NotSigned:
        sys.exit(
            f"✗ {target}: do khóa khác ký hoặc đã hỏng; khóa mới phải do khóa cũ giới thiệu (--by)"
            " / signed by another key, or damaged: a new key is announced by the old one (--by)"
        )
    print(f"✓ {target}: {len(boxes)} đơn vị / wards")
