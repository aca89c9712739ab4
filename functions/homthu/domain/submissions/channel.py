"""The channel: by which way a form reached the citizen."""

from enum import StrEnum


class Channel(StrEnum):
    """How the form was reached: a poster's code, a shared link, or a paper slip typed in."""

    QR = "qr"
    LINK = "lien_ket"
    PAPER = "giay"
