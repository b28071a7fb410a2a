"""An agent's server answers to this machine's names only, and only to its own pages."""

from __future__ import annotations

import pytest

from dashboard.serving.hote import est_local


def demande(genre: str, hote: str, origine: str | None = None) -> dict[str, object]:
    entetes = [(b"host", hote.encode())] + ([(b"origin", origine.encode())] if origine else [])
    return {"type": genre, "headers": entetes}


@pytest.mark.parametrize("hote", ["127.0.0.1:8501", "localhost:8501", "[::1]:8501", "127.0.0.1"])
def test_this_machine_is_served(hote: str) -> None:
    assert est_local(demande("http", hote))
    assert est_local(demande("websocket", hote, f"http://{hote}"))


@pytest.mark.parametrize(
    "hote", ["evil.example:8501", "127.0.0.1.evil.example", "evil.example", "127.0.0.1@evil.example:8501", "", ":8501"]
)
def test_another_name_for_this_machine_is_refused(hote: str) -> None:
    assert not est_local(demande("http", hote))
    assert not est_local(demande("websocket", hote, f"http://{hote}"))


@pytest.mark.parametrize("origine", ["http://evil.example:8501", "http://127.0.0.1:9999", "null"])
def test_a_socket_opened_by_another_page_is_refused(origine: str) -> None:
    assert not est_local(demande("websocket", "127.0.0.1:8501", origine))
