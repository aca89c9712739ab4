"""The choices that a page's address carries: language, print size, channel and mode."""

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from typing import Self
from urllib.parse import urlencode

from homthu.domain.fields import Field, Query
from homthu.domain.submissions.submission import Channel
from homthu.record import record


class FormMode(StrEnum):
    """Who holds the phone: the citizen, a helper who types for them, a stand, or a clerk with paper slips."""

    PLAIN = ""
    COMPANION = "ho-tro"
    KIOSK = "kiosk"
    PAPER = "nhap-phieu"


@record
class PageOptions:
    """What the address asks of a page. They live in the address because no cookie is ever set."""

    language: str = "vi"
    large: bool = False
    channel: Channel = Channel.QR
    mode: FormMode = FormMode.PLAIN

    @property
    def query(self) -> str:
        """These options as the end of an address: `?l=en&c=to`, or nothing where all are the usual ones."""
        pairs = self.query_fields
        return "?" + urlencode(pairs) if pairs else ""

    def at(self, path: str) -> str:
        """The address of a page with these options; its path may choose something behind a question mark."""
        query = self.query
        return path + (query.replace("?", "&", 1) if "?" in path else query)

    @property
    def query_fields(self) -> tuple[tuple[str, str], ...]:
        """The same as the fields of a form that is sent by GET."""
        return tuple((str(name), value) for name, value in self._pairs())

    @property
    def plain_query(self) -> str:
        """Language and print size alone, for pages that know nothing of channel and mode."""
        return PageOptions(language=self.language, large=self.large).query

    def _pairs(self) -> Iterator[tuple[str, str]]:
        if self.channel is not Channel.QR:
            yield Query.CHANNEL, self.channel.value
        if self.mode:
            yield Query.MODE, self.mode.value
        if self.language != "vi":
            yield Query.LANGUAGE, self.language
        if self.large:
            yield Query.SIZE, "to"

    @property
    def hidden_fields(self) -> tuple[tuple[str, str], ...]:
        """The same options as fields of the form, so that they survive its sending."""
        fields = (
            (Field.CHANNEL, "" if self.channel is Channel.QR else self.channel.value),
            (Field.ASSISTED, "1" if self.mode is FormMode.COMPANION else ""),
            (Field.LANGUAGE, "" if self.language == "vi" else self.language),
            (Field.SIZE, "to" if self.large else ""),
            (Field.MODE, self.mode.value if self.mode in (FormMode.KIOSK, FormMode.PAPER) else ""),
        )
        return tuple(field for field in fields if field[1])

    def in_language(self, language: str) -> Self:
        """The same page in another language."""
        return replace(self, language=language)

    def in_other_size(self) -> Self:
        """The same page in the other print size."""
        return replace(self, large=not self.large)

    def by_link(self) -> Self:
        """The same options for one who came by a link and not by a poster."""
        return replace(self, channel=Channel.LINK)


#: The options of an address that has none.
USUAL = PageOptions()
