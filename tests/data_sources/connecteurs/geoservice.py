"""A real pygeoapi server on the loopback address, over a small GeoJSON file; stopped by its process id."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

ENTITES: list[dict[str, Any]] = [
    {
        "type": "Feature", "id": f"{rang:05d}",
        "geometry": {"type": "Point", "coordinates": [5 + rang / 100, 47.0]} if rang % 10 else None,
        "properties": {"nom": f"Zone {rang}", "surface": rang / 4, "ouverte": rang % 2 == 0, "date": "2026-01-01"},
    }
    for rang in range(1, 26)
]  # fmt: skip
LANCE = "from pygeoapi.flask_app import APP; APP.run('127.0.0.1', {port})"


@contextmanager
def pygeoapi(dossier: Path) -> Iterator[str]:
    """The host (127.0.0.1:port) of a server whose collection « zones » has :data:`ENTITES`, ten a page at most."""
    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        port = libre.getsockname()[1]
    (dossier / "zones.json").write_text(json.dumps({"type": "FeatureCollection", "features": ENTITES}), "utf-8")
    (dossier / "config.yml").write_text(yaml.safe_dump(_configuration(dossier, port)), "utf-8")
    env = os.environ | {
        "PYGEOAPI_CONFIG": str(dossier / "config.yml"), "PYGEOAPI_OPENAPI": str(dossier / "openapi.json"),
    }  # fmt: skip
    (dossier / "openapi.json").write_text(json.dumps({"openapi": "3.0.2", "info": {}, "paths": {}}), "utf-8")
    journal = dossier / "journal.txt"
    with journal.open("wb") as sortie:
        serveur = subprocess.Popen(
            [sys.executable, "-c", LANCE.format(port=port)], env=env, cwd=dossier, stdout=sortie, stderr=sortie
        )
    try:
        _attends(port, serveur, journal)
        yield f"127.0.0.1:{port}"
    finally:
        serveur.terminate()
        serveur.wait(10)


def _attends(port: int, serveur: subprocess.Popen[bytes], journal: Path) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/conformance?f=json", timeout=5).close()
            return
        except OSError:
            assert serveur.poll() is None, journal.read_text("utf-8")
            time.sleep(0.1)
    raise AssertionError(journal.read_text("utf-8"))


def _configuration(dossier: Path, port: int) -> dict[str, Any]:
    contact = {"name": "Essai", "url": "http://127.0.0.1"}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port}, "url": f"http://127.0.0.1:{port}",
            "mimetype": "application/json; charset=UTF-8", "encoding": "utf-8", "language": "fr-FR", "gzip": True,
            "limits": {"default_items": 10, "max_items": 10, "on_exceed": "throttle"},
            "map": {"url": "http://127.0.0.1/", "attribution": "-"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {"title": "Essai", "description": "Essai", "keywords": ["essai"], "terms_of_service": "-",
                               "url": "http://127.0.0.1"},
            "license": {"name": "Licence Ouverte 2.0"}, "provider": contact, "contact": contact,
        },
        "resources": {
            "zones": {
                "type": "collection", "title": "Zones", "description": "Zones", "keywords": ["zones"], "links": [],
                "extents": {"spatial": {"bbox": [-180, -90, 180, 90], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
                "providers": [{"type": "feature", "name": "GeoJSON", "data": str(dossier / "zones.json"),
                               "id_field": "id"}],
            }
        },
    }  # fmt: skip
