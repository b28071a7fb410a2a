"""Which machines a source may reach: public ones, and those its record names.

The check is made where the connection is: the name is resolved once, every address it gives is judged, and the
connection goes to one of these very addresses. A second answer of the resolver is never asked for, so it cannot differ.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from dashboard.domain.source import Source
from data_sources.connectors import LivraisonIllisible

Adresse = ipaddress.IPv4Address | ipaddress.IPv6Address
SITE_LOCAL = ipaddress.ip_network("fec0::/10")
NAT64 = ipaddress.ip_network("64:ff9b::/96")


def est_publique(adresse: str) -> bool:
    """Is it on the Internet? Not loopback, link-local, private, multicast, reserved, nor unspecified."""
    return all(
        ip.is_global and not (ip.is_multicast or ip.is_reserved or ip in SITE_LOCAL)
        for ip in _portees(ipaddress.ip_address(adresse))
    )


def _portees(ip: Adresse) -> tuple[Adresse, ...]:
    """The addresses that one stands for: an IPv6 address may carry an IPv4 one (mapped, NAT64, 6to4, Teredo)."""
    if isinstance(ip, ipaddress.IPv4Address):
        return (ip,)
    if ip.ipv4_mapped:
        return (ip.ipv4_mapped,)
    if ip in NAT64:
        return (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF),)
    return (ip, *([ip.sixtofour] if ip.sixtofour else []), *(ip.teredo or ()))


def est_nommee(source: Source, hote: str, port: int) -> bool:
    """Does the record of the source allow this very host, or this very host and port?"""
    formes = {hote, f"[{hote}]", f"{hote}:{port}", f"[{hote}]:{port}"}
    return any(permis.strip().lower() in formes for permis in source.lecture.hotes)


def resous(hote: str, port: int) -> list[str]:
    """Every numeric address of a host, in the resolver's order: « 2130706433 » and « 0x7f.1 » are 127.0.0.1 to it."""
    reponses = socket.getaddrinfo(hote, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(reponse[4][0]).split("%")[0] for reponse in reponses))


def adresses_permises(source: Source, hote: str, port: int) -> list[str]:
    """The addresses to connect to. Raises :class:`LivraisonIllisible` when one of them is not public, and OSError."""
    adresses = resous(hote, port)
    if est_nommee(source, hote.lower(), port):
        return adresses
    interdite = next((a for a in adresses if not est_publique(a)), None)
    if interdite:
        raise LivraisonIllisible(
            f"Source « {source.id} » : l'hôte « {hote} » mène à {interdite}, une adresse interne ou réservée ; "
            f"il n'est pas interrogé. S'il est bien le vôtre, ajouter « {hote}:{port} » à lecture.hotes."
        )
    return adresses


class Reseau(httpcore.SyncBackend):
    """Opens connections to checked addresses only. The Host header and the TLS name stay those of the URL."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """The first address that answers. Raises :class:`LivraisonIllisible` or ``httpcore.ConnectError``."""
        try:
            adresses = adresses_permises(self.source, host, port)
        except (OSError, UnicodeError) as erreur:
            raise httpcore.ConnectError(f"hôte « {host} » introuvable") from erreur
        derniere: Exception = httpcore.ConnectError(f"hôte « {host} » sans adresse")
        for adresse in adresses:
            try:
                return super().connect_tcp(adresse, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as erreur:
                derniere = erreur
        raise derniere


class Transport(httpx.HTTPTransport):
    """httpx over :class:`Reseau`: httpx has no public way of giving its pool a network backend."""

    def __init__(self, source: Source) -> None:
        contexte = httpx.create_ssl_context(trust_env=False)
        super().__init__(verify=contexte, trust_env=False)
        self._pool = httpcore.ConnectionPool(ssl_context=contexte, network_backend=Reseau(source))
