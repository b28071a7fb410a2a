"""``python -m dashboard.port ADDRESS PORT``: is the port free? One sentence and exit code 3 when it is not."""

import socket
import sys


def verifie(adresse: str, port: int, autre: str = "make run PORT=") -> str | None:
    """None when the server may listen there, else the French sentence that says what to do.

    ``autre``: how another port is asked.
    """
    with socket.socket(socket.AF_INET6 if ":" in adresse else socket.AF_INET) as prise:
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prise.bind((adresse, port))
        except OSError as erreur:
            return (
                f"Port {port} de {adresse} indisponible ({erreur.strerror}). "
                f"Arrêter le programme qui l'occupe, ou choisir un autre port : {autre}{port + 1}."
            )
    return None


if __name__ == "__main__":
    if not sys.argv[2].isdecimal() or not 0 < int(sys.argv[2]) < 65_536:
        print(f"Port « {sys.argv[2]} » incorrect : un nombre de 1 à 65535 est attendu.", file=sys.stderr)
        sys.exit(2)
    message = verifie(sys.argv[1], int(sys.argv[2]))
    if message:
        print(message, file=sys.stderr)
        sys.exit(3)
