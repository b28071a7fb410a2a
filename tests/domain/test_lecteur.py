"""Who may have which packages: he sees all that the reader they were made for sees."""

from __future__ import annotations

import pytest

from dashboard.domain.indicateur import Acces
from dashboard.domain.lecteur import AGENT, PUBLIC, Lecteur, audiences


@pytest.mark.parametrize(
    ("acces", "siennes"),
    [
        (AGENT.acces, ("public", "interne")),
        (PUBLIC.acces, ("public",)),
        (PUBLIC.acces | {Acces.INTERNE}, ("public",)),
        ({a for a in Acces if a is not Acces.INTERNE}, ("public",)),
        (set(), ()),
    ],
)
def test_a_package_is_for_who_sees_all_that_it_holds(acces: frozenset[Acces], siennes: tuple[str, ...]) -> None:
    assert audiences(Lecteur("essai", frozenset(acces))) == siennes
