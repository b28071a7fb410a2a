"""The same bulletin as a page, a PDF, a feed and a mail. Figures invented."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader

from dashboard.domain.bulletin import Bulletin, Relance
from dashboard.domain.indicateur import Espace
from dashboard.exports.bulletin_courriel import courriel_bulletin
from dashboard.exports.bulletin_flux import Parution, flux_bulletins
from dashboard.exports.bulletin_html import bulletin_html
from dashboard.exports.bulletin_pdf import bulletin_pdf
from dashboard.exports.flux import ATOM
from tests import semaines

PIEGE = "<img src=x onerror=alert(1)> #set text(red)"
BASE = "https://boussole.exemple.fr/"
NS = {"a": ATOM}


@pytest.fixture
def bulletin(tmp_path: Path) -> Bulletin:
    """The second week, of a programme whose name tries to be markup."""
    return semaines.deux_semaines(tmp_path, nom=PIEGE)[1]


def plat(texte: str) -> str:
    return re.sub(r"\s+", " ", texte.replace("\u202f", " ").replace("\xa0", " "))


def test_the_page_stands_alone_and_leads_to_the_rows_of_the_package(tmp_path: Path) -> None:
    semaines.deux_semaines(tmp_path)
    page = (tmp_path / "snapshots" / "2026-W48" / "bulletin.html").read_text("utf-8")
    assert '<html lang="fr">' in page
    assert "5aff 3bad ad8d" in page
    assert re.findall(r'(?:src|href)="(?!donnees/)', page) == []
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert page.count("<h1>") == 1


def test_a_label_is_text_in_the_page_the_feed_and_the_mail(bulletin: Bulletin) -> None:
    page = bulletin_html(bulletin, lambda _: "donnees/x.csv").decode()
    assert "<img" not in page
    assert "&lt;img src=x" in page
    espace = Espace.model_validate(semaines.espace())
    corps = flux_bulletins([Parution(bulletin, "2026-11-23T05:00:00")], espace, BASE)
    contenu = ET.fromstring(corps).findtext("a:entry/a:content", namespaces=NS) or ""
    assert "<img" not in contenu
    message = courriel_bulletin(bulletin, None, "s", "b@exemple.fr", "e@exemple.fr", datetime(2026, 11, 23, tzinfo=UTC))
    html = message.get_body(("html",))
    assert html is not None
    assert "<img" not in html.get_content()


def test_the_pdf_is_tagged_says_its_sentences_and_its_fingerprint_and_is_the_same_twice(bulletin: Bulletin) -> None:
    octets = bulletin_pdf(bulletin, "5aff3badad8d")
    assert octets == bulletin_pdf(bulletin, "5aff3badad8d")
    lu = PdfReader(io.BytesIO(octets))
    texte = plat(" ".join(p.extract_text() for p in lu.pages))
    assert "Nouvelle valeur" in texte
    assert "6 148 points" in texte
    assert "#set text(red)" in texte
    assert "5aff 3bad ad8d" in texte
    assert lu.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert lu.trailer["/Root"]["/Lang"] == "fr-FR"


def test_a_first_bulletin_and_one_without_change_are_printed_too(tmp_path: Path) -> None:
    premier, _ = semaines.deux_semaines(tmp_path)
    sans = premier.model_copy(update={"entrees": (), "relances": (), "precedente": "2026-W46"})
    for bulletin in (premier, sans, premier.model_copy(update={"relances": (Relance(producteur="A", attendu="b"),)})):
        assert bulletin_pdf(bulletin).startswith(b"%PDF")
        assert b"Ce qui n'a pas boug" in bulletin_html(bulletin, lambda _: "")


def test_the_feed_has_one_entry_a_week_with_its_sentences_and_the_same_name_for_ever(tmp_path: Path) -> None:
    premier, second = semaines.deux_semaines(tmp_path)
    espace = Espace.model_validate(semaines.espace())
    parutions = [Parution(second, "2026-11-23T05:00:00Z"), Parution(premier, "2026-11-16T05:00:00")]
    racine = ET.fromstring(flux_bulletins(parutions, espace, BASE))
    entrees = racine.findall("a:entry", NS)
    assert [e.findtext("a:title", namespaces=NS) for e in entrees] == ["Bulletin 2026-W48", "Bulletin 2026-W47"]
    assert [e.findtext("a:updated", namespaces=NS) for e in entrees] == ["2026-11-23T05:00:00Z", "2026-11-16T05:00:00Z"]
    lien = entrees[0].find("a:link", NS)
    assert lien is not None
    assert lien.get("href") == f"{BASE}bulletin?numero=2026-W48"
    assert f"{BASE}indicateur?indicateur=bornes" in (entrees[0].findtext("a:content", namespaces=NS) or "")
    ailleurs = ET.fromstring(flux_bulletins(parutions[:1], espace, "http://autre/"))
    assert ailleurs.findtext("a:entry/a:id", namespaces=NS) == entrees[0].findtext("a:id", namespaces=NS)


def test_a_feed_without_any_bulletin_is_still_a_feed() -> None:
    espace = Espace.model_validate(semaines.espace())
    racine = ET.fromstring(flux_bulletins([], espace, BASE))
    assert racine.findtext("a:updated", namespaces=NS) == "2000-01-01T00:00:00Z"


def test_the_mail_holds_the_sentences_the_whole_seal_and_the_pdf(bulletin: Bulletin) -> None:
    quand = datetime(2026, 11, 23, 6, tzinfo=UTC)
    brut = courriel_bulletin(bulletin, b"%PDF-1", "f" * 64, "b@exemple.fr", "e@exemple.fr", quand)
    lu = message_from_bytes(bytes(brut), policy=default)
    texte = lu.get_body(("plain",))
    assert texte is not None
    assert "f" * 64 in texte.get_content()
    assert "6 105 → 6 148 points" in plat(texte.get_content())
    (piece,) = lu.iter_attachments()
    assert piece.get_filename() == "bulletin-2026-W48.pdf"
    assert lu["Subject"] == "Boussole, Région d'essai : bulletin 2026-W48"
