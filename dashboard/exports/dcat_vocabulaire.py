"""The controlled words of DCAT-AP: what ours are called in the lists of the European Union."""

from __future__ import annotations

from dashboard.domain.indicateur import Acces

UE = "http://publications.europa.eu/resource/authority"
FRANCAIS = f"{UE}/language/FRA"
SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
REGLEMENT_FORTE_VALEUR = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
DCAT_AP = "https://semiceu.github.io/DCAT-AP/releases/3.0.1"
STABLE = f"{UE}/planned-availability/STABLE"

FREQUENCES = {
    1: "MONTHLY", 2: "BIMONTHLY", 3: "QUARTERLY", 4: "ANNUAL_3", 6: "ANNUAL_2", 12: "ANNUAL", 24: "BIENNIAL",
    36: "TRIENNIAL", 48: "QUADRENNIAL", 60: "QUINQUENNIAL", 120: "DECENNIAL",
}  # fmt: skip
"""By number of months; another rhythm is « OTHER », and the description tells it."""
ACCES = {Acces.OUVERT: "PUBLIC", Acces.GFU: "RESTRICTED", Acces.INTERNE: "NON_PUBLIC"}
FORMATS = {
    "csv": ("CSV", "text/csv"),
    "parquet": ("PARQUET", "application/vnd.apache.parquet"),
}
FORTE_VALEUR = {
    "geospatial": "c_ac64a52d", "environnement": "c_dd313021", "meteorologie": "c_164e0bf5",
    "statistiques": "c_e1da4e07", "entreprises": "c_a9135398", "mobilite": "c_b79e35eb",
}  # fmt: skip
THEMES = {
    "AGRI": "Agriculture, pêche, sylviculture et alimentation", "ECON": "Économie et finances",
    "EDUC": "Éducation, culture et sport", "ENER": "Énergie", "ENVI": "Environnement",
    "GOVE": "Gouvernement et secteur public", "HEAL": "Santé", "INTR": "Questions internationales",
    "JUST": "Justice, système juridique et sécurité publique", "REGI": "Régions et villes",
    "SOCI": "Population et société", "TECH": "Science et technologie", "TRAN": "Transports",
}  # fmt: skip
"""French names of the themes, as the list of the European Union gives them."""
LICENCES = {
    "Licence Ouverte 2.0": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
    "Licence Ouverte": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
}
"""The address that data.gouv.fr recognises. A licence that is not here keeps its words and gets no borrowed address."""
NUTS = {
    "11": "FR1", "24": "FRB", "27": "FRC", "28": "FRD", "32": "FRE", "44": "FRF", "52": "FRG", "53": "FRH", "75": "FRI",
    "76": "FRJ", "84": "FRK", "93": "FRL", "94": "FRM", "01": "FRY1", "02": "FRY2", "03": "FRY3", "04": "FRY4",
    "06": "FRY5",
}  # fmt: skip
"""NUTS 2021 code of each région by its INSEE number; INSEE's own addresses are opaque and cannot be derived."""


def frequence(mois: int) -> str:
    """The address of a rhythm."""
    return f"{UE}/frequency/{FREQUENCES.get(mois, 'OTHER')}"


def region(numero: str) -> str | None:
    """The address of a région, None for one that is not known."""
    return f"http://data.europa.eu/nuts/code/{NUTS[numero]}" if numero in NUTS else None
