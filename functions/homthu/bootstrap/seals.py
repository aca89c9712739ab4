"""The secrets of a running function, and the seals that are made with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homthu.config import secret_variable
from homthu.domain.secret import SecretPurpose, Secrets, verdicts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homthu.lazy import Lazy
    from homthu.ports import Clock, Seal


class Seals:
    """Each purpose has a secret of its own. Using one that was not configured raises `LookupError`."""

    clock: Clock
    _secrets: Mapping[SecretPurpose, Secrets]
    _seal: Lazy[Seal]
    _desk_seal: Lazy[Seal]
    _verdict_seal: Lazy[Seal]

    @property
    def secrets(self) -> Secrets:
        """The secrets that derive ids from references."""
        return self._secrets_for(SecretPurpose.REFERENCES)

    @property
    def seal(self) -> Seal:
        """Seals receipts and the times of reviews."""
        return self._seal()

    @property
    def desk_seal(self) -> Seal:
        """Seals the passes of the desk."""
        return self._desk_seal()

    @property
    def verdict_seal(self) -> Seal:
        """Seals the permission to judge an answer."""
        return self._verdict_seal()

    def _secrets_for(self, purpose: SecretPurpose) -> Secrets:
        if purpose not in self._secrets:
            raise LookupError(f"{secret_variable(purpose)} was not asked for")
        return self._secrets[purpose]

    def _make_verdict_seal(self) -> Seal:
        from homthu.adapters.seal import FernetSeal

        return FernetSeal(verdicts_of(self.secrets).sealing_keys(), self.clock)

    def _make_seal(self, purpose: SecretPurpose) -> Seal:
        from homthu.adapters.seal import FernetSeal

        return FernetSeal(self._secrets_for(purpose).sealing_keys(), self.clock)
