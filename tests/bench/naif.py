"""The naive map, for comparison only: folium.Choropleth, a GeoJson over it for the tooltips that ours has too, the
geometry inline, everything read again at each run."""

import gzip
import json
import os
from pathlib import Path

import folium
import pandas as pd
import streamlit as st
from sqlalchemy import create_engine, text
from streamlit_folium import st_folium

espace = Path(os.environ.get("BOUSSOLE_ESPACE", "data_sources/bfc"))
choix = st.selectbox("Indicateur", ["densite", "evolution_population_2017_2023"])
requete = text(
    "SELECT t.code, v.valeur FROM valeur v JOIN territoire t ON t.id = v.territoire_id "
    "JOIN indicateur i ON i.id = v.indicateur_id WHERE i.code = :code AND v.maille = 3"
)
with create_engine(os.environ["BOUSSOLE_DB"]).connect() as connexion:
    valeurs = pd.DataFrame(connexion.execute(requete, {"code": choix}).all(), columns=["code", "valeur"])
valeurs_par_code = dict(zip(valeurs["code"], valeurs["valeur"], strict=True))
fichier = espace / "reference" / "geometrie" / "commune_complete.geojson.gz"
geometrie = json.loads(gzip.decompress(fichier.read_bytes()))
carte = folium.Map(location=[47.1, 4.9], zoom_start=8, tiles=None)
folium.Choropleth(geometrie, data=valeurs, columns=["code", "valeur"], key_on="feature.properties.code").add_to(carte)
for trait in geometrie["features"]:
    trait["properties"]["valeur"] = valeurs_par_code.get(trait["properties"]["code"])
folium.GeoJson(
    geometrie,
    style_function=lambda _: {"fillOpacity": 0, "weight": 0},
    tooltip=folium.GeoJsonTooltip(["code", "valeur"]),
).add_to(carte)
st_folium(carte, key="naif", returned_objects=["last_active_drawing"])
st.markdown(f"<h1>{choix}</h1>", unsafe_allow_html=True)
