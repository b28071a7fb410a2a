"""What the server answers outside the pages: headers, assets, geometry, health. Knows no Streamlit API."""
