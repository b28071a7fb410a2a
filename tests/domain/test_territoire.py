import pytest

from dashboard.domain.territoire import CodeInconnu, Maille, code_territoire, est_code, maille_de, numero

CODES = {
    "REG-27": Maille.REGION,
    "REG-94": Maille.REGION,
    "DEP-21": Maille.DEPARTEMENT,
    "DEP-2A": Maille.DEPARTEMENT,
    "DEP-971": Maille.DEPARTEMENT,
    "EPCI-242100410": Maille.EPCI,
    "COM-21231": Maille.COMMUNE,
    "COM-2B033": Maille.COMMUNE,
}


@pytest.mark.parametrize(("code", "maille"), CODES.items())
def test_the_prefix_tells_the_maille(code: str, maille: Maille) -> None:
    assert maille_de(code) is maille
    assert est_code(code)


@pytest.mark.parametrize(
    "texte", ["", "21231", "COM-2123", "com-21231", "DEP-2C", "EPCI-21", "FRA", "COM-21231 ", "REG-27\n"]
)
def test_anything_else_is_refused_with_its_name_and_the_accepted_forms(texte: str) -> None:
    assert not est_code(texte)
    with pytest.raises(CodeInconnu, match="Formes admises : REG-11, DEP-21") as refus:
        maille_de(texte)
    assert f"« {texte} »" in str(refus.value)


def test_mailles_go_from_the_region_down_to_the_commune() -> None:
    assert [m.rang for m in Maille] == [0, 1, 2, 3]
    assert [m.prefixe for m in Maille] == ["REG", "DEP", "EPCI", "COM"]
    assert [m.libelle for m in Maille] == ["Région", "Département", "EPCI", "Commune"]
    assert [m.pluriel for m in Maille] == ["régions", "départements", "EPCI", "communes"]


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_made_of_its_maille_and_its_number(code: str) -> None:
    assert code_territoire(maille_de(code), numero(code)) == code


def test_a_departement_is_never_derived_from_a_commune_code() -> None:
    """52210 Frettes belongs to Champlitte, in département 70: the code only tells that it is a commune."""
    assert maille_de("COM-52210") is Maille.COMMUNE
    assert not hasattr(Maille.COMMUNE, "departement")
