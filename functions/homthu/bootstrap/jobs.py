"""What the jobs are done with, reports and mails to units and to clerks, put together from the parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homthu.services.access import PassIssuer
from homthu.services.clerk_mails import ClerkPost
from homthu.services.deliver import OwnLinks
from homthu.services.report_context import Progress, RenderReport, ReportContext
from homthu.services.unit_mails import UnitPost

if TYPE_CHECKING:
    from homthu.bootstrap.parts import Parts


def make_report_context(
    parts: Parts, *, render: RenderReport, links: OwnLinks, progress: Progress
) -> ReportContext:
    """What reports are made with."""
    return ReportContext(
        archive=parts.archive,
        ledger=parts.ledger,
        cases=parts.cases,
        finder=parts.finder,
        reviews=parts.reviews,
        verdicts=parts.verdicts,
        typed_weeks=parts.typed_weeks,
        unit_mails=parts.unit_mails,
        batches=parts.paper_batches,
        questionnaires=parts.boxes.questionnaires,
        targets=parts.boxes.targets,
        signs=parts.boxes.signs,
        render=render,
        links=links,
        clock=parts.clock,
        random_bytes=parts.random_bytes,
        progress=progress,
    )


def make_unit_post(parts: Parts) -> UnitPost:
    """What mails to units are made and sent with."""
    return UnitPost(
        unit_mails=parts.unit_mails,
        cases=parts.cases,
        finder=parts.finder,
        signs=parts.boxes.signs,
        seal=parts.desk_seal,
        mailer=parts.mailer,
        sender=parts.sender,
        clock=parts.clock,
        write=parts.write_unit_mail,
        base_url=parts.base_url,
    )


def make_clerk_post(parts: Parts) -> ClerkPost:
    """What mails to clerks are made with."""
    return ClerkPost(
        units=parts.unit_post,
        ledger=parts.ledger,
        typed_weeks=parts.typed_weeks,
        boxes=parts.boxes,
        passes=PassIssuer.of(parts),
        write=parts.write_clerk_mail,
    )
