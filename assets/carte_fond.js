/*
 * The background of the map, only when its content names one: tiles of a declared host, under the territories.
 * Runs after carte.js, on the pages of the product only: a file that leaves asks nothing of anyone.
 */
(function () {
  "use strict";

  var boussole = window.boussole, etat = boussole.etat;
  var fond = null, credit = null, adresse = null;

  function retire() {
    if (!fond) { return; }
    fond.remove();
    credit.remove();
    fond = credit = null;
  }

  boussole.suites.push(function (contenu) {
    if (adresse === (contenu.fond || null)) { return; }
    adresse = contenu.fond || null;
    retire();
    if (!adresse) { return; }
    fond = L.tileLayer(adresse, { maxZoom: 18, keepBuffer: 1 }).addTo(etat.carte);
    credit = L.control.attribution({ prefix: false }).addAttribution("© IGN").addTo(etat.carte);
  });
})();
