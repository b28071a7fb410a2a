"""Weeks, seals, chains and retention of the snapshot, against known answers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from dashboard.domain.instantane import (
    Maillon,
    Sceau,
    Semaine,
    SemaineInconnue,
    canonique,
    empreinte_contenu,
    empreinte_courte,
    lis_journal,
    manifeste,
    non_produites,
    presents,
    propose_retention,
    semaines_entre,
)

A, B = "a" * 64, "b" * 64


@pytest.mark.parametrize(
    ("instant", "semaine"),
    [
        (datetime(2027, 1, 1, 12, tzinfo=UTC), "2026-W53"),
        (datetime(2024, 12, 30, 12, tzinfo=UTC), "2025-W01"),
        (datetime(2021, 1, 3, 12, tzinfo=UTC), "2020-W53"),
        (datetime(2026, 11, 22, 22, 59, 59, tzinfo=UTC), "2026-W47"),  # Sunday 23:59:59 in Paris
        (datetime(2026, 11, 22, 23, 0, tzinfo=UTC), "2026-W48"),  # Monday 00:00 in Paris, winter
        (datetime(2026, 6, 28, 21, 59, 59, tzinfo=UTC), "2026-W26"),
        (datetime(2026, 6, 28, 22, 0, tzinfo=UTC), "2026-W27"),  # Monday 00:00 in Paris, summer
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "2026-W13"),  # the night the clocks go forward, a Sunday
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), "2026-W14"),  # the Monday after: already summer
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), "2026-W43"),  # the Sunday the clocks go back: 25 hours
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), "2026-W44"),
        (datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=12))), "2026-W47"),  # Sunday evening in Paris
    ],
)
def test_a_moment_belongs_to_the_iso_week_of_paris(instant: datetime, semaine: str) -> None:
    assert str(Semaine.de(instant)) == semaine


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="sans fuseau"):
        Semaine.de(datetime(2026, 11, 23))


@pytest.mark.parametrize("texte", ["2026-W48", "2026-W48.r2", "2026-W53", "2020-W53", "2026-W48.r10"])
def test_a_week_is_written_as_it_is_read(texte: str) -> None:
    assert str(Semaine.lis(texte)) == texte


@pytest.mark.parametrize(
    "texte",
    ["2026-W54", "2025-W53", "2026-W00", "2026-W48.r1", "2026-W48.r0", "2026-w48", "../2026-W48", "", "٢٠٢٦-W48"],
)
def test_what_is_not_a_week_is_refused_by_name(texte: str) -> None:
    with pytest.raises(SemaineInconnue, match="Formes admises"):
        Semaine.lis(texte)


def test_weeks_sort_as_they_are_published() -> None:
    noms = ["2026-W48", "2026-W48.r2", "2026-W48.r10", "2026-W49", "2027-W01"]
    assert [str(s) for s in sorted(map(Semaine.lis, reversed(noms)))] == noms


def test_the_weeks_between_two_cross_a_year_of_53_weeks() -> None:
    entre = semaines_entre(Semaine(2026, 52), Semaine(2027, 2))
    assert [str(s) for s in entre] == ["2026-W52", "2026-W53", "2027-W01", "2027-W02"]
    assert semaines_entre(Semaine(2027, 2), Semaine(2026, 52)) == []
    assert Semaine(2026, 53).suivante == Semaine(2027, 1)


def test_missed_weeks_are_those_over_since_the_first_package() -> None:
    faites = [Semaine(2026, 51), Semaine(2026, 53), Semaine(2026, 53, 2)]
    assert [str(s) for s in non_produites(faites, Semaine(2027, 2))] == ["2026-W52", "2027-W01"]
    assert non_produites([], Semaine(2027, 2)) == []
    assert non_produites([Semaine(2027, 2)], Semaine(2027, 2)) == []


def test_canonical_json_has_one_form_and_no_nan() -> None:
    assert canonique({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()
    with pytest.raises(ValueError, match="Out of range"):
        canonique({"a": float("nan")})


def test_the_content_is_that_of_the_canonical_tables_only() -> None:
    tables = {"donnees/observations/x.csv": A, "donnees/indicateurs.csv": B}
    autres = {"donnees/lots.csv": A, "rapport.pdf": B, "version.json": A, "donnees/observations.parquet": B}
    assert empreinte_contenu({**tables, **autres}) == empreinte_contenu(tables)
    assert empreinte_contenu({**tables, "donnees/observations/x.csv": B}) != empreinte_contenu(tables)
    assert empreinte_contenu({"donnees/observations/y.csv": A, "donnees/indicateurs.csv": B}) != empreinte_contenu(
        tables
    )


def test_a_manifest_is_what_sha256sum_writes() -> None:
    assert manifeste({"b": B, "a": A}) == f"{A}  a\n{B}  b\n".encode()


def test_a_fingerprint_is_read_by_a_person() -> None:
    assert empreinte_courte("3f2a91bc07de" + "0" * 52) == "3f2a 91bc 07de"


def test_a_seal_depends_on_each_of_its_fields_and_is_read_back() -> None:
    sceau = Sceau.scelle(Semaine(2026, 48), "public", A, B, None)
    assert Sceau.lis(sceau.en_json()) == sceau
    autres = [
        Sceau.scelle(Semaine(2026, 49), "public", A, B, None), Sceau.scelle(Semaine(2026, 48), "interne", A, B, None),
        Sceau.scelle(Semaine(2026, 48), "public", B, B, None), Sceau.scelle(Semaine(2026, 48), "public", A, A, None),
        Sceau.scelle(Semaine(2026, 48), "public", A, B, A),
    ]  # fmt: skip
    assert len({sceau.sceau, *(a.sceau for a in autres)}) == 6


def test_a_journal_line_cut_by_a_stop_was_never_written() -> None:
    lignes = [Maillon(f"2026-W{n}", f"2026-11-{n - 31}T04:00:00Z", "publie", A, B) for n in (47, 48)]
    octets = b"".join(x.en_ligne() for x in lignes)
    assert lis_journal(octets) == lignes
    assert lis_journal(octets[:-3]) == lignes[:1]
    assert lis_journal(b"") == []
    with pytest.raises(ValueError, match="illisible"):
        lis_journal(b'{"x": 1}\n')


def test_a_removed_package_is_no_longer_present() -> None:
    lignes = [Maillon("2026-W47", "q", "publie", A, B), Maillon("2026-W48", "q", "publie", B, B)]
    retire = Maillon("2026-W47", "q", "retire", A, B, "place")
    assert list(map(str, presents([*lignes, retire]))) == ["2026-W48"]


def test_retention_keeps_the_last_weeks_then_month_ends_then_year_ends() -> None:
    semaines = semaines_entre(Semaine(2024, 1), Semaine(2026, 48))
    partent = propose_retention(semaines)
    restent = [s for s in semaines if s not in partent]
    assert [str(s) for s in restent[-8:]] == [f"2026-W{n}" for n in range(41, 49)]
    jeudis = [s.lundi + timedelta(days=3) for s in restent]
    assert date(2024, 12, 26) in jeudis
    assert [s.annee for s in restent].count(2024) == 1
    assert [(j.year, j.month) for j in jeudis if j.year == 2026 and j.month < 9] == [(2026, m) for m in range(1, 9)]
    assert propose_retention(restent) == []
    assert propose_retention(semaines[-8:]) == []


def test_the_revisions_of_a_week_leave_or_stay_together() -> None:
    semaines = semaines_entre(Semaine(2026, 1), Semaine(2026, 48))
    partie = propose_retention(semaines)[0]
    revision = Semaine(partie.annee, partie.numero, 2)
    assert {partie, revision} <= set(propose_retention([*semaines, revision]))
