"""The mail server: how it is set, what is said when it does not answer, and a password that is never shown."""

from __future__ import annotations

from email.message import EmailMessage
from urllib.parse import quote

import pytest

from dashboard import messagerie
from dashboard.messagerie import EnvoiImpossible, Serveur, masque, serveur, session
from dashboard.reglages import ReglageInvalide, Reglages, lis_reglages
from tests.courrier import MOT_DE_PASSE, SANS_TLS, port_libre, serveur_courrier

pytestmark = pytest.mark.filterwarnings(SANS_TLS)


def reglages(smtp: str, expediteur: str = "boussole@exemple.fr") -> Reglages:
    return lis_reglages({"BOUSSOLE_SMTP": smtp, "BOUSSOLE_EXPEDITEUR": expediteur})


def message(pour: str = "elu@exemple.fr") -> EmailMessage:
    fait = EmailMessage()
    fait["From"], fait["To"], fait["Subject"] = "boussole@exemple.fr", pour, "Essai"
    fait.set_content("Bonjour")
    return fait


def envoie(ou: Serveur, *messages: EmailMessage) -> None:
    with session(ou) as envoi:
        for un in messages or (message(),):
            envoi(un)


def test_the_setting_is_read_with_its_usual_ports_and_escaped_characters() -> None:
    lu = serveur(reglages("smtp://moi%40exemple.fr:p%40ss%2Fe@courrier.exemple.fr:2525"))
    assert (lu.hote, lu.port, lu.chiffre) == ("courrier.exemple.fr", 2525, False)
    assert (lu.qui, lu.secret) == ("moi@exemple.fr", "p@ss/e")
    assert serveur(reglages("smtp://courrier")).port == 587
    assert serveur(reglages("SMTPS://[::1]")) == Serveur("::1", 465, True, "boussole@exemple.fr")


@pytest.mark.parametrize("smtp", [
    "courrier.exemple.fr", "http://hote", "smtp://", "smtp://hote:99999", "smtp://u:Tr0uv@ble@hote", "smtp://u:Tr0/uv@h",
    "smtp://hote\r\nEHLO x", "smtp://u:Tr0 uv@hote",
])  # fmt: skip
def test_an_unreadable_setting_is_refused_without_being_repeated(smtp: str) -> None:
    with pytest.raises(ReglageInvalide, match=r"BOUSSOLE_SMTP : adresse illisible\. Donner smtp://") as refus:
        serveur(reglages(smtp))
    assert "Tr0" not in str(refus.value)
    assert masque(smtp) == "adresse illisible"


def test_an_absent_server_or_sender_is_said_with_the_remedy() -> None:
    with pytest.raises(ReglageInvalide, match="BOUSSOLE_SMTP absent"):
        serveur(reglages(""))
    for faux in ("", "boussole", "a@b.fr\nBcc: c@d.fr"):
        with pytest.raises(ReglageInvalide, match="BOUSSOLE_EXPEDITEUR"):
            serveur(reglages("smtp://hote", faux))


def test_the_password_is_shown_nowhere() -> None:
    assert masque("smtps://moi:Tr0uv%40ble@courrier.fr:465") == "smtps://moi:***@courrier.fr:465"
    assert (masque("smtp://courrier.fr"), masque("smtp://moi@h"), masque(None)) == (
        "smtp://courrier.fr", "smtp://moi@h", "absent",
    )  # fmt: skip
    lus = reglages("smtp://moi:Tr0uv%40ble@courrier.fr")
    assert "Tr0uv" not in repr(lus)
    assert "Tr0uv" not in repr(serveur(lus))


def test_messages_are_handed_over_in_one_session() -> None:
    with serveur_courrier() as boite:
        envoie(serveur(reglages(f"smtp://127.0.0.1:{boite.port}")), message("a@exemple.fr"), message("b@exemple.fr"))
    assert [pour for pour, _ in boite.recus] == ["a@exemple.fr", "b@exemple.fr"]


def test_the_right_password_opens_and_a_wrong_one_is_said_without_being_shown() -> None:
    with serveur_courrier(mot_de_passe=MOT_DE_PASSE) as boite:
        envoie(serveur(reglages(f"smtp://moi:{quote(MOT_DE_PASSE, safe='')}@127.0.0.1:{boite.port}")))
        with pytest.raises(EnvoiImpossible, match=r"il refuse les identifiants \(réponse 535\)") as refus:
            envoie(serveur(reglages(f"smtp://moi:Err0ne@127.0.0.1:{boite.port}")))
    assert len(boite.recus) == 1
    assert "Err0ne" not in str(refus.value)
    assert f"127.0.0.1:{boite.port}" in str(refus.value)


def test_a_password_is_not_sent_in_clear_to_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messagerie, "_est_local", lambda _hote: False)
    secret = quote(MOT_DE_PASSE, safe="")
    with (
        serveur_courrier(mot_de_passe=MOT_DE_PASSE) as boite,
        pytest.raises(EnvoiImpossible, match="le mot de passe n'a pas été envoyé"),
    ):
        envoie(serveur(reglages(f"smtp://moi:{secret}@127.0.0.1:{boite.port}")))
    assert boite.recus == []


def test_a_server_that_does_not_encrypt_as_told_is_said() -> None:
    with serveur_courrier() as boite, pytest.raises(EnvoiImpossible, match="son certificat ou son chiffrement"):
        envoie(serveur(reglages(f"smtps://127.0.0.1:{boite.port}")))


def test_a_server_that_does_not_answer_is_said() -> None:
    libre = port_libre()
    with pytest.raises(EnvoiImpossible, match=rf"courrier 127\.0\.0\.1:{libre} : il ne répond pas"):
        envoie(serveur(reglages(f"smtp://127.0.0.1:{libre}")))


def test_a_refused_recipient_or_message_is_said_with_the_code_only() -> None:
    with serveur_courrier() as boite:
        ou = serveur(reglages(f"smtp://127.0.0.1:{boite.port}"))
        boite.refus["elu@exemple.fr"] = "550 secret de la maison"
        with pytest.raises(EnvoiImpossible, match=r"il refuse le destinataire \(réponse 550\)") as refus:
            envoie(ou)
        assert "secret" not in str(refus.value)
        boite.refus.clear()
        boite.reponse = "554 secret de la maison"
        with pytest.raises(EnvoiImpossible, match=r"il refuse le message \(réponse 554\)"):
            envoie(ou)
