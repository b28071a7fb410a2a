"""The usual map, for comparison only: plotly's choropleth with the geometry inline, sent again at each run."""

import gzip
import json
import os
from pathlib import Path

import pandas as pd
import plotly.express as px
import streamlit as st
from sqlalchemy import create_engine, text

espace = Path(os.environ.get("BOUSSOLE_ESPACE", "data_sources/bfc"))
choix = st.selectbox("Indicateur", ["densite", "evolution_population_2017_2023"])
requete = text(
    "SELECT t.code, v.valeur FROM valeur v JOIN territoire t ON t.id = v.territoire_id "
    "JOIN indicateur i ON i.id = v.indicateur_id WHERE i.code = :code AND v.maille = 3"
)
with create_engine(os.environ["BOUSSOLE_DB"]).connect() as connexion:
    valeurs = pd.DataFrame(connexion.execute(requete, {"code": choix}).all(), columns=["code", "valeur"])
# The simplified geometry that ours fetches too: the difference is the technique alone.
fichier = espace / "reference" / "geometrie" / "commune_legere.geojson.gz"
geometrie = json.loads(gzip.decompress(fichier.read_bytes()))
figure = px.choropleth_map(
    valeurs, geojson=geometrie, locations="code", featureidkey="properties.code", color="valeur",
    center={"lat": 47.1, "lon": 4.9}, zoom=6, map_style="white-bg", title=choix,
)  # fmt: skip
st.plotly_chart(figure, key="naif")
