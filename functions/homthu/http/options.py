"""Reads the page's options from an address or from the fields of a form that came back."""

from collections.abc import Collection, Mapping

from homthu.domain.fields import Field, Query
from homthu.domain.submissions.submission import Channel
from homthu.render.page.options import USUAL, FormMode, PageOptions


def options_from_query(query: Mapping[str, str], languages: Collection[str]) -> PageOptions:
    """The options in an address; unknown values, and languages not among these, are ignored."""
    if not query:
        return USUAL
    mode = next((mode for mode in FormMode if mode == query.get(Query.MODE)), FormMode.PLAIN)
    return PageOptions(
        language=_language(query.get(Query.LANGUAGE), languages),
        large=query.get(Query.SIZE) == "to",
        channel=Channel.PAPER if mode is FormMode.PAPER else _channel(query.get(Query.CHANNEL)),
        mode=mode,
    )


def options_from_fields(fields: Mapping[str, str], languages: Collection[str]) -> PageOptions:
    """The options that a form carried along."""
    return PageOptions(
        language=_language(fields.get(Field.LANGUAGE), languages),
        large=fields.get(Field.SIZE) == "to",
        channel=_channel(fields.get(Field.CHANNEL)),
        mode=_mode(fields),
    )


def _mode(fields: Mapping[str, str]) -> FormMode:
    if fields.get(Field.ASSISTED) == "1":
        return FormMode.COMPANION
    return next(
        (mode for mode in (FormMode.KIOSK, FormMode.PAPER) if mode == fields.get(Field.MODE)), FormMode.PLAIN
    )


def _language(value: str | None, languages: Collection[str]) -> str:
    return value if value and value in languages else USUAL.language


def _channel(value: str | None) -> Channel:
    return next((channel for channel in Channel if channel == value), Channel.QR)
