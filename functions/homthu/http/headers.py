"""The headers every answer carries; values and reasons after the OWASP ASVS 5.0 chapter V3."""

#: `same-origin`, not `no-referrer`: the latter makes browsers send `Origin: null` with a form
#: (Fetch standard), and then a post from our own page cannot be told from a stranger's.
SECURITY = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
    "interest-cohort=(), browsing-topics=()",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: For answers that are no page of ours: nothing may load, nothing may frame them.
BARE_CSP = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
NO_STORE = "no-store"
