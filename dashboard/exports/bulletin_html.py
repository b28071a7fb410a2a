"""A bulletin as one HTML file: no script, no other host, readable on a phone, on paper and by a screen reader."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from dashboard.domain.bulletin import Bulletin, Entree, Morceaux
from dashboard.domain.ecarts import Cause
from dashboard.domain.formatage import date_longue

Lien = Callable[[Entree], str]
"""Address of the rows of a sentence; an empty one makes no link."""
_OCRE, _BLEU, _ROUGE = ("#8a5200", "#fbf0dd"), ("#14466b", "#e6eef5"), ("#a31515", "#fbe9e7")
_VIOLET, _VERT, _GRIS = ("#4b3a86", "#ece9f5"), ("#00766a", "#e3f2f0"), ("#4f5a68", "#eef1f4")
TEINTES = {
    Cause.STATUT: _OCRE, Cause.NOUVELLE: _BLEU, Cause.REVISION: _BLEU, Cause.RETIREE: _ROUGE, Cause.CIBLE: _VIOLET,
    Cause.DEFINITION: _OCRE, Cause.PERIMETRE: _GRIS, Cause.APPORT: _VERT, Cause.JUGEMENT: _GRIS,
}  # fmt: skip
"""Ink and ground of the badge of a cause: its word always says the same."""
STYLE = """
body{font:16px/1.5 "Source Sans 3",Arial,sans-serif;margin:0 auto;max-width:58rem;padding:1.5rem 1rem 3rem;
color:#1a2430;background:#fff;font-variant-numeric:tabular-nums}
h1{font:600 1.9rem/1.15 Georgia,serif;margin:.1rem 0 1rem}h2{font-size:1rem;margin:1.6rem 0 .2rem}
.fil,.source{color:#4f5a68;font-size:.85rem}.fil{margin:0}
.phrase{font:1.3rem/1.4 Georgia,serif;border-left:4px solid #14466b;padding-left:1rem;margin:0 0 1rem}
h2 span{padding:.1rem .45rem;border-radius:3px;font-weight:400;font-size:.88rem}
ul{list-style:none;margin:0;padding:0}li{display:flex;gap:1.5rem;justify-content:space-between;padding:.5rem 0;
border-bottom:1px solid #e6eaef}li p{margin:0}li p:first-child{flex:1}
.source{text-align:right;min-width:7rem}a{color:#14466b;font-weight:600}
section{border-top:1px solid #8793a1;margin-top:2rem}
footer{margin-top:2rem;color:#4f5a68;font-size:.8rem;border-top:1px solid #8793a1;padding-top:.6rem}
@media print{body{padding:0;max-width:none}li{break-inside:avoid}}
"""


def bulletin_html(bulletin: Bulletin, lien: Lien, empreinte: str = "") -> bytes:
    """The page. ``empreinte``: short fingerprint of the package, printed at its foot."""
    titre = f"Bulletin {bulletin.semaine}, {bulletin.region}"
    groupes = "".join(_groupe(c, siennes, lien) for c, siennes in bulletin.par_cause().items())
    relances = "".join(
        f"<li><p><b>{escape(r.producteur)}</b> : {escape(r.attendu)}</p></li>" for r in bulletin.relances
    )
    relances = f"<h2>À relancer cette semaine</h2><ul>{relances}</ul>" if relances else ""
    pied = f"Empreinte de l'instantané : {escape(empreinte)}" if empreinte else "Boussole"
    return (
        '<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(titre)}</title><style>{STYLE}</style></head><body><main>"
        f'<p class="fil">{escape(bulletin.region)}, semaine {escape(bulletin.semaine)}, arrêté au '
        f"{date_longue(bulletin.arrete)}</p><h1>Bulletin</h1>"
        f'<p class="phrase">{_morceaux(bulletin.phrase)}</p>{groupes}'
        f"<section><h2>Ce qui n'a pas bougé</h2><p>{escape(bulletin.stables)}</p>{relances}</section></main>"
        f"<footer><p>{pied}</p></footer></body></html>\n"
    ).encode()


def _groupe(cause: Cause, entrees: list[Entree], lien: Lien) -> str:
    encre, fond = TEINTES[cause]
    badge = f'<span style="color:{encre};background:{fond}">{escape(cause.libelle)}</span>'
    return f"<h2>{badge}</h2><ul>{''.join(_entree(e, lien(e)) for e in entrees)}</ul>"


def _entree(e: Entree, adresse: str) -> str:
    titre = escape(e.titre)
    titre = f'<a href="{escape(adresse)}">{titre}</a>' if adresse else f"<b>{titre}</b>"
    droite = "<br>".join(escape(x) for x in (e.source, e.effet) if x)
    return f'<li><p>{titre} : {_morceaux(e.texte)}</p><p class="source">{droite}</p></li>'


def _morceaux(morceaux: Morceaux) -> str:
    return "".join(f"<strong>{escape(t)}</strong>" if fort else escape(t) for t, fort in morceaux)
