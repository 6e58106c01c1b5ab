"""A token of the service account that a private sheet was shared with."""

from __future__ import annotations

from pathlib import Path

from crm_sync.errors import SourceError

_SCOPES = ("https://www.googleapis.com/auth/drive.readonly",)


def account(key: Path) -> tuple[str, str]:
    """Return the e-mail of the service account whose key file this is, and a token that may only read.

    Raises SourceError where the extra is not installed, the file is no such key, or Google refuses it.
    """
    try:
        from google.auth.exceptions import GoogleAuthError, TransportError
        from google.auth.transport.requests import Request
        from google.oauth2.service_account import Credentials
    except ImportError:
        raise SourceError(
            "a private Google sheet needs a part of crm-sync that is not installed",
            "Install it: pip install 'crm-sync[google]'.",
        ) from None
    try:
        credentials = Credentials.from_service_account_file(str(key), scopes=_SCOPES)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, GoogleAuthError):
        raise SourceError(
            f"{key.name} is no key file of a Google service account",
            "Set GOOGLE_APPLICATION_CREDENTIALS to the JSON file that Google Cloud gave you for it.",
        ) from None
    try:
        credentials.refresh(Request())
    except TransportError:
        raise SourceError("Google's login cannot be reached", "The next run tries again.") from None
    except GoogleAuthError:
        raise SourceError(
            f"Google refuses the key of {credentials.service_account_email}",
            "It may have been deleted or disabled: make a new key.",
        ) from None
    return credentials.service_account_email, str(credentials.token)
