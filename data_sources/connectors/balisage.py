"""XML from outside: no document type, hence no entity, and the root element is known before anything is read."""

from __future__ import annotations

import io

from lxml import etree

from data_sources.connectors.client import Client, Reponse, publique
from data_sources.connectors.enregistrements import refuse_html

SANS_RESEAU = {"resolve_entities": False, "load_dtd": False, "no_network": True}


def racine(client: Client, reponse: Reponse) -> tuple[str, dict[str, str]]:
    """Local name of the root, and its attributes.

    Raises :class:`LivraisonIllisible` on a document type or on what is not XML.
    """
    refuse_html(client, reponse, "XML")
    trouvee: tuple[str, dict[str, str]] | None = None
    try:
        # To the end: a second root would be read by whoever opens the document after us.
        for evenement, element in etree.iterparse(io.BytesIO(reponse.octets), events=("start", "end"), **SANS_RESEAU):
            if trouvee is None and element.getroottree().docinfo.doctype:
                break
            trouvee = trouvee or (str(element.tag).rsplit("}", 1)[-1], dict(element.attrib))
            if evenement == "end":
                element.clear()
        else:
            if trouvee is not None:
                return trouvee
    except etree.XMLSyntaxError as erreur:
        raise _illisible(client, reponse, erreur) from erreur
    raise client.refus(
        f"le XML de {publique(reponse.url)} déclare un type de document (DOCTYPE), qui peut cacher des entités : il "
        "n'est pas lu. Demander au producteur un XML sans DOCTYPE."
    )


def textes(client: Client, reponse: Reponse) -> str:
    """The words of a short message of error, on one line."""
    try:
        document = etree.fromstring(reponse.octets, etree.XMLParser(**SANS_RESEAU))
    except etree.XMLSyntaxError as erreur:
        raise _illisible(client, reponse, erreur) from erreur
    return " ".join(" ".join(document.itertext()).split())[:300]


def _illisible(client: Client, reponse: Reponse, erreur: etree.XMLSyntaxError) -> Exception:
    ligne, colonne = erreur.position
    return client.refus(
        f"la réponse de {publique(reponse.url)} n'est pas du XML lisible (ligne {ligne}, colonne {colonne}). "
        "Vérifier url et lecture.parametres, puis prévenir le producteur."
    )
