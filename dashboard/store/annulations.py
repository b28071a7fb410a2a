"""Which lots are undone: an undo is a lot of its own, and may be undone in its turn."""

from __future__ import annotations

from sqlalchemy import Select, select

from dashboard.store.schema import lot


def annules(au: int) -> Select[tuple[int | None]]:
    """Lots undone, as of lot ``au``, by a lot that is not itself undone."""
    retablis = lot.alias()
    retablissent = select(retablis.c.annule).where(retablis.c.annule.is_not(None), retablis.c.id <= au)
    return select(lot.c.annule).where(lot.c.annule.is_not(None), lot.c.id <= au, lot.c.id.not_in(retablissent))
