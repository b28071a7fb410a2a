"""The mail says the same in plain text and in HTML, is escaped, and says how to stop it. Figures invented."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from dashboard.domain.alertes import DossierProgramme
from dashboard.domain.avis import Filtre, list_avis
from dashboard.exports.courriel import courriel
from tests.dossiers import decision, dossier, situation

QUAND = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
TARD = dossier(situation(va=10, delai_mois=0), decisions=(decision(date(2026, 11, 1)),))


def message(*dossiers: DossierProgramme, lieu: str = "Région d'essai") -> EmailMessage:
    avis = list_avis(dossiers, Filtre())
    fait = courriel(avis, lieu, "boussole@exemple.fr", "elu@exemple.fr", "abc123", QUAND)
    relu = message_from_bytes(fait.as_bytes(), policy=default)
    assert isinstance(relu, EmailMessage)
    return relu


def partie(lu: EmailMessage, genre: str) -> str:
    corps = lu.get_body((genre,))
    assert corps is not None
    return str(corps.get_content()).replace("\u202f", " ").replace("\r\n", "\n")


def test_the_mail_has_its_alerts_grouped_by_kind_in_text_and_in_html() -> None:
    lu = message(TARD)
    assert lu["Subject"].replace("\u202f", " ") == "Boussole, Région d'essai : 4 nouvelles alertes"
    assert (lu["To"], lu["From"]) == ("elu@exemple.fr", "boussole@exemple.fr")
    texte, html = partie(lu, "plain"), partie(lu, "html")
    assert texte.startswith(
        "Région d'essai, au 23 novembre 2026 : 4 nouvelles alertes\n\nEN RETARD\n- Programme d'essai"
    )
    for attendu in ("10 centres en décembre 2024, pour une cible de 100 centres fin 2026.", "desabonne abc123"):
        assert attendu in texte
        assert attendu in html
    assert html.count("<h2>") == texte.count("\n- ") == 4
    assert lu["List-Unsubscribe"] == "<mailto:boussole@exemple.fr?subject=desabonne%20abc123>"


def test_the_same_alerts_give_the_same_bytes() -> None:
    avis = list_avis([TARD], Filtre())
    deux = [courriel(avis, "Ici", "b@exemple.fr", "e@exemple.fr", "abc", QUAND).as_bytes() for _ in range(2)]
    assert deux[0] == deux[1]


def test_html_in_names_is_escaped() -> None:
    lu = message(dossier(situation(va=10), nom="<img src=x onerror=alert(1)> & co"), lieu="<b>Ici</b>")
    assert "<img" not in partie(lu, "html")
    assert "<b>" not in partie(lu, "html")
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; co" in partie(lu, "html")
    assert "<img src=x onerror=alert(1)> & co" in partie(lu, "plain")
