"""A table read from a web service: whole, or refused in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.domain.source import Source
from data_sources.connectors import Acces, Livraison, LivraisonIllisible, SourceIndisponible, http, pagination
from tests.data_sources.connecteurs.serveur import Demande, Rep, Serveur, rep_csv, rep_json

LIGNES = [{"code": f"{rang:05d}", "valeur": rang / 2} for rang in range(1, 251)]
Repond = Callable[[Demande], Rep]


def lis(source: Source, acces: Acces) -> Livraison:
    livraison = http.lis(source, acces)
    assert livraison is not None
    return livraison


def refus(source: Source, acces: Acces) -> str:
    with pytest.raises(LivraisonIllisible) as erreur:
        http.lis(source, acces)
    return str(erreur.value)


def opendatasoft(lignes: list[dict[str, Any]], total: int | None = None) -> Repond:
    """As Explore v2.1 answers: 100 rows at most, offset + limit at most 10,000."""

    def repond(demande: Demande) -> Rep:
        debut, nombre = int(demande.parametres.get("offset", 0)), int(demande.parametres.get("limit", 10))
        if nombre > 100 or debut + nombre > 10_000:
            return rep_json({"error_code": "InvalidRESTParameterError", "message": "Invalid value"}, 400)
        return rep_json({"total_count": total or len(lignes), "results": lignes[debut : debut + nombre]})

    return repond


def data_gouv(serveur: Serveur, lignes: list[dict[str, Any]]) -> Repond:
    """As the tabular API answers: 200 rows at most, absolute links, null at the end."""

    def repond(demande: Demande) -> Rep:
        page, taille = int(demande.parametres.get("page", 1)), int(demande.parametres.get("page_size", 20))
        if taille > 200:
            return rep_json({"errors": [{"title": "Invalid query string"}]}, 400)
        suite = f"{serveur.url}{demande.chemin}?page={page + 1}&page_size={taille}"
        return rep_json(
            {
                "data": [{"__id": r, **x} for r, x in enumerate(lignes, 1)][(page - 1) * taille : page * taille],
                "links": {"profile": serveur.url, "next": suite if page * taille < len(lignes) else None, "prev": None},
                "meta": {"page": page, "page_size": taille, "total": len(lignes)},
            }
        )

    return repond


def ckan(lignes: list[dict[str, Any]], maximum: int = 100, **resultat: Any) -> Repond:
    """As datastore_search answers, with a server that gives at most ``maximum`` rows."""

    def repond(demande: Demande) -> Rep:
        debut, nombre = int(demande.parametres.get("offset", 0)), min(int(demande.parametres["limit"]), maximum)
        corps = {"records": lignes[debut : debut + nombre], "total": len(lignes), "limit": nombre, **resultat}
        return rep_json({"help": "…", "success": True, "result": corps})

    return repond


def test_opendatasoft_records_are_read_to_the_last_page(serveur: Serveur, acces: Acces) -> None:
    serveur.repond = opendatasoft(LIGNES)
    chemin = "/api/explore/v2.1/catalog/datasets/x/records"
    livraison = lis(serveur.source(chemin, prereglage="opendatasoft", parametres={"where": "a > 1"}), acces)
    assert livraison.lignes.to_dict("records") == LIGNES
    assert livraison.lignes.index.tolist() == list(range(1, 251))
    assert livraison.lignes.index.name == "ligne"
    assert livraison.origine == f"http · {serveur.url}{chemin}"
    assert [d.parametres.get("offset") for d in serveur.demandes] == [None, "100", "200"]
    assert {d.parametres["where"] for d in serveur.demandes} == {"a > 1"}


def test_opendatasoft_beyond_its_window_says_to_export(serveur: Serveur, acces: Acces) -> None:
    serveur.repond = opendatasoft(LIGNES, total=10_001)
    phrase = refus(serveur.source("/x/records", prereglage="opendatasoft"), acces)
    assert "10001 lignes annoncées" in phrase
    assert "/exports/csv" in phrase


def test_opendatasoft_exports_come_whole(serveur: Serveur, acces: Acces) -> None:
    serveur.suite(rep_csv("\ufeffcode;valeur\r\n01004;1,5\r\n"), rep_json(LIGNES))
    export = lis(serveur.source("/x/exports/csv", prereglage="opendatasoft"), acces)
    assert export.lignes.to_dict("records") == [{"code": "01004", "valeur": "1,5"}]
    assert len(lis(serveur.source("/x/exports/json", prereglage="opendatasoft"), acces).lignes) == 250
    assert "limit" not in serveur.demandes[0].parametres


def test_data_gouv_pages_are_followed(serveur: Serveur, acces: Acces) -> None:
    serveur.repond = data_gouv(serveur, LIGNES)
    livraison = lis(serveur.source("/api/resources/rid/data/", prereglage="data_gouv"), acces)
    assert livraison.lignes["code"].tolist() == [x["code"] for x in LIGNES]
    assert len(serveur.demandes) == 2


def test_ckan_gives_fewer_rows_than_asked_and_all_are_read(serveur: Serveur, acces: Acces) -> None:
    serveur.repond = ckan(LIGNES)
    source = serveur.source("/api/3/action/datastore_search", prereglage="ckan", parametres={"resource_id": "r"})
    assert len(lis(source, acces).lignes) == 250
    assert len(serveur.demandes) == 3


def test_an_estimated_total_is_not_a_promise(serveur: Serveur, acces: Acces) -> None:
    serveur.repond = ckan(LIGNES, total=240, total_was_estimated=True)
    source = serveur.source("/api/3/action/datastore_search", prereglage="ckan")
    assert len(lis(source, acces).lignes) == 250


def test_a_refusal_told_with_a_code_200_is_told(serveur: Serveur, acces: Acces) -> None:
    serveur.suite(rep_json({"success": False, "error": {"__type": "Not Found Error", "message": "Not found"}}))
    phrase = refus(serveur.source("/api/3/action/datastore_search", prereglage="ckan"), acces)
    assert "le service CKAN a refusé la demande (Not found)" in phrase


def pages(*listes: list[dict[str, Any]], suivante: Callable[[int], str | None] | None = None) -> Repond:
    """Pages of an unknown API: rows in ``a.lignes``, next page in ``a.suite``."""

    def repond(demande: Demande) -> Rep:
        rang = int(demande.parametres.get("p", 0))
        suite = suivante(rang) if suivante else (f"?p={rang + 1}" if rang + 1 < len(listes) else None)
        return rep_json({"a": {"lignes": listes[min(rang, len(listes) - 1)], "suite": suite}})

    return repond


GENERIQUE = {"format": "json", "chemin": "a.lignes", "suivante": "a.suite"}


def test_an_unknown_api_is_read_at_the_declared_paths(serveur: Serveur, acces: Acces) -> None:
    serveur.repond = pages(LIGNES[:3], LIGNES[3:5])
    assert lis(serveur.source(**GENERIQUE), acces).lignes.to_dict("records") == LIGNES[:5]


def test_the_link_header_is_followed(serveur: Serveur, acces: Acces) -> None:
    def repond(demande: Demande) -> Rep:
        if demande.parametres.get("p") == "2":
            return rep_json(LIGNES[2:4])
        return rep_json(LIGNES[:2], Link='</donnees?p=1>; rel="first", </donnees?p=2>; rel="next"')

    serveur.repond = repond
    assert lis(serveur.source(), acces).lignes.to_dict("records") == LIGNES[:4]


def test_nested_objects_and_lists_become_columns_and_text(serveur: Serveur, acces: Acces) -> None:
    serveur.suite(
        rep_json([{"n": 1, "geo": {"lat": 47.1, "o": {"x": True}}, "l": ["é", 2]}, {"n": None, "geo": None, "l": []}])
    )
    lignes = lis(serveur.source(), acces).lignes
    assert lignes.columns.tolist() == ["n", "geo.lat", "geo.o.x", "l"]
    assert lignes["n"].tolist() == [1, None]
    assert lignes["l"].tolist() == ['["é", 2]', "[]"]
    assert lignes["geo.o.x"].tolist() == [True, None]


def test_csv_is_text_and_empty_cells_are_missing(serveur: Serveur, acces: Acces) -> None:
    serveur.suite(rep_csv('code,nom,valeur\n01004,"a,\nb",NA\n02,,1e3\n'))
    lignes = lis(serveur.source(), acces).lignes
    assert set(map(str, lignes.dtypes)) == {"str"}
    assert lignes["code"].tolist() == ["01004", "02"]
    assert lignes["nom"].isna().tolist() == [False, True]
    assert lignes["valeur"].tolist() == ["NA", "1e3"]
    assert lignes.index.tolist() == [2, 4]  # lines of the text, as in a file


@pytest.mark.parametrize(
    ("octets", "entete", "encodage"),
    [
        ("nom;v\nDépôt;1\n".encode(), "text/csv", None),
        ("nom;v\nDépôt;1\n".encode("cp1252"), "text/csv; charset=windows-1252", None),
        ("nom;v\nDépôt;1\n".encode("cp1252"), "text/csv", "cp1252"),
        ("nom;v\nDépôt;1\n".encode("utf-16"), "text/csv", None),
        (("nom;v\n" + "Dépôt;1\n" * 40).encode("cp1252"), "text/csv", None),
    ],
    ids=["utf-8", "annoncé", "déclaré", "marque", "deviné"],
)
def test_csv_encoding_is_told_or_found(
    serveur: Serveur, acces: Acces, octets: bytes, entete: str, encodage: str | None
) -> None:
    serveur.suite(Rep(octets, entetes={"Content-Type": entete}))
    assert lis(serveur.source(encodage=encodage), acces).lignes["nom"].iloc[0] == "Dépôt"


def test_a_declared_encoding_that_does_not_fit_is_told(serveur: Serveur, acces: Acces) -> None:
    serveur.suite(rep_csv("nom;v\nDépôt;1\n".encode("cp1252")))
    assert "texte illisible en utf-8" in refus(serveur.source(encodage="utf-8"), acces)


@pytest.mark.parametrize(
    ("corps", "phrase"),
    [("a;b\n1;2\n3;4;5\n", "CSV illisible"), ("", "sans aucune ligne remplie")],
)
def test_a_broken_csv_is_told(serveur: Serveur, acces: Acces, corps: str, phrase: str) -> None:
    serveur.suite(rep_csv(corps))
    assert phrase in refus(serveur.source(), acces)


@pytest.mark.parametrize("lecture", [{"format": "json"}, {"format": "csv"}, {}, {"prereglage": "ckan"}])
def test_a_page_for_people_is_not_data(serveur: Serveur, acces: Acces, lecture: dict[str, Any]) -> None:
    serveur.suite(Rep("<!DOCTYPE html><title>Connexion</title>", entetes={"Content-Type": "text/html; charset=utf-8"}))
    assert "a répondu une page HTML" in refus(serveur.source(**lecture), acces)


def test_html_said_to_be_json_is_still_html(serveur: Serveur, acces: Acces) -> None:
    serveur.suite(Rep("\n <HTML>", entetes={"Content-Type": "application/json"}))
    assert "une page HTML au lieu de JSON" in refus(serveur.source(format="json"), acces)


@pytest.mark.parametrize("corps", ['{"a": ', "[1e", b"\xff\xfe\xfa", '[{"a": Infinity}]', "[" * 100_000])
def test_a_broken_json_is_told(serveur: Serveur, acces: Acces, corps: str | bytes) -> None:
    serveur.suite(Rep(corps, entetes={"Content-Type": "application/json"}))
    assert "n'est pas du JSON lisible" in refus(serveur.source(), acces)


def test_a_format_nobody_tells_is_asked_for(serveur: Serveur, acces: Acces) -> None:
    serveur.suite(Rep(b"a", entetes={"Content-Type": "application/octet-stream"}))
    phrase = refus(serveur.source(), acces)
    assert "« application/octet-stream »" in phrase
    assert "lecture.format" in phrase


def test_a_wrong_path_tells_what_is_there(serveur: Serveur, acces: Acces) -> None:
    serveur.suite(rep_json({"total": 1, "items": [{"a": 1}]}))
    assert "Clés reçues : « total », « items »" in refus(serveur.source(chemin="rows", format="json"), acces)


def test_rows_that_are_not_objects_are_told(serveur: Serveur, acces: Acces) -> None:
    serveur.suite(rep_json([[1, 2]]))
    assert "ne sont pas des objets JSON" in refus(serveur.source(), acces)


@pytest.mark.parametrize("rep", [rep_json([]), rep_csv("code;valeur\n")], ids=["json", "csv"])
def test_no_row_where_some_are_expected_is_told(serveur: Serveur, acces: Acces, rep: Rep) -> None:
    serveur.suite(rep)
    assert "aucune ligne" in refus(serveur.source(), acces)


def test_no_row_is_admitted_where_the_source_says_so(serveur: Serveur, acces: Acces) -> None:
    serveur.suite(rep_json([]))
    admise = serveur.source().model_copy(
        update={"attentes": serveur.source().attentes.model_copy(update={"lignes_min": 0})}
    )
    assert lis(admise, acces).lignes.empty


def test_fewer_rows_than_announced_is_a_partial_delivery(serveur: Serveur, acces: Acces) -> None:
    serveur.repond = opendatasoft(LIGNES, total=300)
    phrase = refus(serveur.source("/x/records", prereglage="opendatasoft"), acces)
    assert "250 lignes reçues, 300 annoncées" in phrase


def test_columns_that_change_between_pages_are_told(serveur: Serveur, acces: Acces) -> None:
    serveur.repond = pages([{"code": "1", "valeur": 1}], [{"code": "2", "value": 2}])
    phrase = refus(serveur.source(**GENERIQUE), acces)
    assert "page 2 (« valeur » absente, « value » nouvelle)" in phrase


def test_a_field_that_some_rows_lack_is_not_a_change(serveur: Serveur, acces: Acces) -> None:
    serveur.repond = pages([{"a": 1}, {"a": 2, "b": 1}], [{"a": 3, "c": 1}, {"a": 4}])
    assert lis(serveur.source(**GENERIQUE), acces).lignes.columns.tolist() == ["a", "b", "c"]


def test_a_page_repeated_for_ever_is_told(serveur: Serveur, acces: Acces) -> None:
    serveur.repond = pages(LIGNES[:3], suivante=lambda rang: f"?p={rang + 1}")
    assert "la page 2 répète une page déjà reçue" in refus(serveur.source(**GENERIQUE), acces)


def test_a_pagination_without_end_is_told(serveur: Serveur, acces: Acces, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pagination, "PAGES_MAX", 5)
    serveur.repond = pages(*[[x] for x in LIGNES])
    assert "plus de 5 pages" in refus(serveur.source(**GENERIQUE), acces)


def test_more_rows_than_allowed_is_told(serveur: Serveur, acces: Acces) -> None:
    serveur.repond = pages(*[[x] for x in LIGNES])
    source = serveur.source(**GENERIQUE)
    source = source.model_copy(update={"attentes": source.attentes.model_copy(update={"lignes_max": 3})})
    assert "plus de 3 lignes reçues" in refus(source, acces)


@pytest.mark.parametrize("cible", ["https://ailleurs.exemple.fr/p2", "file:///etc/passwd", 12])
def test_a_next_page_elsewhere_is_refused(serveur: Serveur, acces: Acces, cible: Any) -> None:
    serveur.repond = pages(LIGNES[:3], suivante=lambda _: cible)
    phrase = refus(serveur.source(**GENERIQUE), acces)
    assert "autre hôte, « ailleurs.exemple.fr »" in phrase or "Corriger lecture.suivante" in phrase or "file" in phrase


def test_a_fault_in_the_middle_keeps_nothing(serveur: Serveur, acces: Acces) -> None:
    entier = opendatasoft(LIGNES)
    serveur.repond = lambda d: Rep(code=502) if d.parametres.get("offset") == "200" else entier(d)
    with pytest.raises(SourceIndisponible, match="code 502"):
        http.lis(serveur.source("/x/records", prereglage="opendatasoft"), acces)


def test_what_did_not_change_is_not_read(serveur: Serveur, acces: Acces) -> None:
    serveur.repond = lambda d: Rep(code=304) if "If-None-Match" in d.entetes else rep_csv("a\n1\n", ETag='"v1"')
    livraison = lis(serveur.source(), acces)
    assert livraison.validateurs["etag"] == '"v1"'
    assert http.lis(serveur.source(), Acces(acces.base_curee, acces.depot, validateurs=livraison.validateurs)) is None


def test_the_first_of_several_pages_does_not_tell_of_the_others(serveur: Serveur, acces: Acces) -> None:
    def repond(demande: Demande) -> Rep:
        suite = {} if demande.parametres else {"Link": '<?p=2>; rel="next"'}
        return rep_json(LIGNES[2:4] if demande.parametres else LIGNES[:2], ETag='"v1"', **suite)

    serveur.repond = repond
    assert lis(serveur.source(), acces).validateurs == {}


def test_the_same_rows_have_the_same_fingerprint(serveur: Serveur, acces: Acces) -> None:
    serveur.suite(rep_json(LIGNES), Rep(str(LIGNES).replace("'", '"'), entetes={"Content-Type": "application/json"}))
    assert lis(serveur.source(), acces).sha256 == lis(serveur.source(), acces).sha256
