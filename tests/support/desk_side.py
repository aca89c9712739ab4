"""The desk over the citizen's side: a committee with passes, a mailer, and forms to be sent."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from board_side import W46, W47, BoardSite
from citizen_side import NGO_QUYEN, client
from fakes.memory_mailer import MemoryMailer
from homthu.adapters.seal import FernetSeal
from homthu.adapters.web_files import load_assets, load_templates, load_texts
from homthu.domain.boxes.box import Box, Clerk, Recipient, Unit
from homthu.domain.cases.unit_mail import TaskLine, UnitMailKind
from homthu.domain.secret import Secrets
from homthu.domain.submissions.reference import id_of
from homthu.http import desk
from homthu.render.desk.pages import DeskPages
from homthu.render.mail.clerk import render_clerk_mail
from homthu.render.mail.link import render_link
from homthu.render.mail.message import build_content
from homthu.render.mail.unit import render_unit_mail
from homthu.render.rekey.pages import RekeyPages
from homthu.render.templates import make_environment
from homthu.services.access import PassIssuer, make_pass
from homthu.services.clerk_mails import ClerkLetter, ClerkPost
from homthu.services.deliver import Sender
from homthu.services.unit_mails import UnitPost
from werkzeug.test import Client, TestResponse

TEMPLATES = make_environment(load_templates())
TEXTS = load_texts("vi")
DESK_PAGES = DeskPages(TEXTS, TEMPLATES, load_assets())
REKEY_PAGES = RekeyPages(TEXTS, TEMPLATES, load_assets())
SENDER = Sender(email="hom-thu@example.org", host="gopy.example.org")
PETITION = "Tôi tố cáo ông A ở quầy hai nhận phong bì"
DESK_SECRETS = Secrets(current=b"d" * 32)
UNITS = (
    Unit(name="Bộ phận Một cửa", email="mot-cua@example.org"),
    Unit(name="Công an phường", email="cong-an@example.org"),
)
CLERK = Clerk(name="Công chức văn phòng", email="nhap-lieu@example.org")
ONCE = "0123456789abcdef"
MEMBERS = (
    Recipient(name="Phó Bí thư Đảng ủy", email="pho-bi-thu@example.org"),
    Recipient(name="Văn phòng UBND", email="van-phong@example.org"),
)


@dataclass
class DeskSite(BoardSite):
    """Implements the parts of `desk` too."""

    desk_pages: DeskPages = DESK_PAGES
    rekey_pages: RekeyPages = REKEY_PAGES
    sender: Sender = SENDER

    def __post_init__(self) -> None:
        super().__post_init__()
        self.link_mails = self.desk_terms = self.typed_weeks = self.store
        self.desk_seal = FernetSeal(DESK_SECRETS.sealing_keys(), self.clock)
        self.mailer = MemoryMailer()
        for ward in self.boxes.by_ward:
            self.change_box(ward, recipients=MEMBERS, units=(), clerks=())

    def write_link(self, box: Box, person: Recipient | Clerk, link: str, until: date) -> bytes:
        mail = render_link(box, person, link, until, texts=TEXTS, templates=TEMPLATES)
        return build_content(mail, sender_name="Hòm thư", sender=SENDER.email, date=self.now)

    def write_unit_mail(self, box: Box, kind: UnitMailKind, unit: str, lines: Sequence[TaskLine]) -> bytes:
        mail = render_unit_mail(box, kind, unit, lines, texts=TEXTS, templates=TEMPLATES)
        return build_content(mail, sender_name="Hòm thư", sender=SENDER.email, date=self.now)

    def write_clerk_mail(self, box: Box, letter: ClerkLetter) -> bytes:
        said = {**asdict(letter), "totals": letter.totals}
        mail = render_clerk_mail(box, **said, texts=TEXTS, templates=TEMPLATES)
        return build_content(mail, sender_name="Hòm thư", sender=SENDER.email, date=self.now)

    @property
    def clerk_post(self) -> ClerkPost:
        """What mails to clerks are made with."""
        return ClerkPost(
            unit_mails=self.store,
            mailer=self.mailer,
            sender=SENDER,
            clock=self.clock,
            base_url=self.base_url,
            ledger=self.ledger,
            typed_weeks=self.typed_weeks,
            boxes=self.boxes,
            passes=self.passes,
            write=self.write_clerk_mail,
        )

    @property
    def unit_post(self) -> UnitPost:
        """What mails to units are made and sent with."""
        return UnitPost(
            unit_mails=self.store,
            cases=self.cases,
            finder=self.finder,
            signs=self.boxes.signs,
            seal=self.desk_seal,
            mailer=self.mailer,
            sender=SENDER,
            clock=self.clock,
            write=self.write_unit_mail,
            base_url=self.base_url,
        )

    @property
    def desk(self) -> Client:
        """A client of `desk`."""
        return client(desk.make(self))

    def pass_of(self, recipient: Recipient = MEMBERS[0], ward: str = NGO_QUYEN) -> str:
        """A pass made now."""
        return make_pass(self.passes, self.boxes.by_ward[ward], recipient)

    @property
    def passes(self) -> PassIssuer:
        """What passes are made and read with."""
        return PassIssuer.of(self)

    def id_of(self, reference: str) -> str:
        """The id of the submission with this reference."""
        return id_of(reference, self.secrets.current)

    def post(self, form: str, token: str | None = None, **fields: str) -> TestResponse:
        """Send one of the desk's forms."""
        data = {"ma": self.pass_of() if token is None else token, **fields}
        return self.desk.post(f"/xu-ly/{form}", data=data)

    def act(
        self, reference: str, action: str, *, seen: int = 1, idempotency_key: str = ONCE, **fields: str
    ) -> TestResponse:
        """Do something to the case of a submission."""
        return self.post(
            "lam",
            **{
                "phieu": self.id_of(reference),
                "viec": action,
                "lan": idempotency_key,
                "buoc": str(seen),
                **fields,
            },
        )

    def decide(self, reference: str, decision: str, token: str | None = None, **fields: str) -> TestResponse:
        """Let a text pass, mask, withhold or thank for it; the first decision unless `buoc` says other."""
        sent = {"phieu": self.id_of(reference), "quyet_dinh": decision, "buoc": "0"}
        return self.post("duyet", token, **{**sent, "lan": f"{ONCE}-{decision}", **fields})

    def take(self, reference: str) -> TestResponse:
        """Open a case."""
        return self.act(reference, "open", seen=0, idempotency_key=f"{ONCE}-open")


def clerk_site() -> DeskSite:
    """A ward with a clerk, and two closed weeks of enough forms to be told."""
    made = DeskSite()
    made.change_box(NGO_QUYEN, clerks=(CLERK,))
    made.receive(W46, 14)
    made.receive(W47, 12)
    made.close(W46, W47)
    return made


def words(page: str) -> str:
    """The words of a page's main part, in one line, without what can be chosen from lists."""
    main = re.sub(r"<select.*?</select>", " ", page.partition("<main>")[2], flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))
