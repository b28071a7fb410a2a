"""What became of the territories that no longer exist: where their permalinks lead now."""

from __future__ import annotations

from sqlalchemy import Connection, select

from dashboard.store.schema import cog_passage, territoire


def load_successeurs(connexion: Connection) -> dict[str, str]:
    """Current code of each former one, through every merger. A split leads to its largest part."""
    actuels = set(connexion.execute(select(territoire.c.code).where(territoire.c.millesime_fin.is_(None))).scalars())
    requete = (
        select(cog_passage.c.code_de, cog_passage.c.code_vers)
        .where(cog_passage.c.code_de != cog_passage.c.code_vers)
        .order_by(cog_passage.c.millesime_de, cog_passage.c.part)
    )
    suivants = {str(ligne.code_de): str(ligne.code_vers) for ligne in connexion.execute(requete)}
    finaux = {code: _suit(code, suivants, actuels) for code in suivants if code not in actuels}
    return {code: vers for code, vers in finaux.items() if vers in actuels}


def load_ancien_nom(connexion: Connection, code: str) -> str | None:
    """The last name of a territory that no longer exists, when the referential kept it."""
    requete = (
        select(territoire.c.nom)
        .where(territoire.c.code == code, territoire.c.millesime_fin.is_not(None))
        .order_by(territoire.c.millesime_fin.desc())
        .limit(1)
    )
    nom = connexion.execute(requete).scalar()
    return str(nom) if nom else None


def _suit(code: str, suivants: dict[str, str], actuels: set[str]) -> str:
    vus: set[str] = set()
    while code not in actuels and code in suivants and code not in vus:
        vus.add(code)
        code = suivants[code]
    return code
