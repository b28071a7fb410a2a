#!/bin/sh
# La semaine : sources, instantanés public et interne, bulletin. Appelé par boussole-snapshot.service et par boussole.cron.
# Une étape qui échoue n'arrête pas les suivantes. Code de sortie : 0, ou le plus grave des instantanés et du bulletin ;
# une source injoignable n'y compte pas, boussole-refresh le dit déjà chaque jour.
cd "$(dirname "$0")/.." || exit 2
export BOUSSOLE_PROFIL=agent BOUSSOLE_ADRESSE=127.0.0.1
pire=0

fais() {
    .venv/bin/python -m dashboard "$@"
    code=$?
    [ "$code" -le "$pire" ] || pire=$code
}

fais refresh
pire=0
fais snapshot create --audience public
fais snapshot create --audience interne
if [ -n "${BOUSSOLE_BULLETIN:-}" ]; then
    fais bulletin send
fi
exit "$pire"
