"""Names the reason when no TLS connection to a server is established."""

import ssl

from homthu.domain.mail_cause import MailCause

#: OpenSSL's X509_V_ERR_ numbers (openssl/x509_vfy.h).
_VERIFY = {
    9: MailCause.TLS_EXPIRED,  # not yet valid: a clock is wrong, here or there
    10: MailCause.TLS_EXPIRED,
    18: MailCause.TLS_AUTHORITY,  # self-signed
    19: MailCause.TLS_AUTHORITY,
    20: MailCause.TLS_AUTHORITY,
    21: MailCause.TLS_AUTHORITY,
    62: MailCause.TLS_NAME,
    64: MailCause.TLS_NAME,
}
_NOT_TLS = frozenset(
    {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"}
)
_TOO_OLD = frozenset(
    {
        "UNSUPPORTED_PROTOCOL",
        "TLSV1_ALERT_PROTOCOL_VERSION",
        "NO_PROTOCOLS_AVAILABLE",
        "DH_KEY_TOO_SMALL",
        "EE_KEY_TOO_SMALL",
        "CA_MD_TOO_WEAK",
        "UNSAFE_LEGACY_RENEGOTIATION_DISABLED",
    }
)


def tls_cause(error: ssl.SSLError) -> MailCause:
    """Whether the certificate or the version is to blame, or whether the port speaks no TLS at all."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _VERIFY.get(error.verify_code, MailCause.TLS)
    if error.reason in _NOT_TLS:
        return MailCause.NOT_TLS
    return MailCause.TLS_VERSION if error.reason in _TOO_OLD else MailCause.TLS
