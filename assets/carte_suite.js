/*
 * What a map shows beside its values, only when its content asks for it: a frame on one territory, names of places,
 * several outlines, and a twin map that follows this one. Runs after carte.js, once a content is shown.
 */
(function () {
  "use strict";

  var boussole = window.boussole, etat = boussole.etat;
  var ENCRE = "#1A2430";
  var ECART = 6;  // pixels between two names of a line
  var vu = { cadre: "", choisis: "", limite: "", noms: "" };
  var traits = null, limite = null, noms = null, designe = null, ecoute = false, suivie = false;

  function couchesDe(groupe) { return groupe ? groupe.getLayers() : []; }

  function trouve(code) {
    function estLui(couche) { return couche.feature.properties.code === code; }
    return etat.territoires.find(estLui) || couchesDe(etat.contours).find(estLui);
  }

  function trace(couche, largeurs) {
    return largeurs.map(function (trait) {
      return L.polygon(couche.getLatLngs(), { interactive: false, fill: false, color: trait[0], weight: trait[1] });
    });
  }

  function entoure(codes, largeurs) {
    var couches = codes.map(trouve).filter(Boolean);
    return L.layerGroup([].concat.apply([], couches.map(function (c) { return trace(c, largeurs); })));
  }

  function isole(code) {  // what surrounds a territory is veiled: the eye stays inside
    var couche = trouve(code);
    if (!couche) { return L.layerGroup(); }
    var b = etat.bornes.pad(2), anneaux = [[b.getNorthWest(), b.getNorthEast(), b.getSouthEast(), b.getSouthWest()]];
    (function parcourt(noeud) {
      if (Array.isArray(noeud[0])) { noeud.forEach(parcourt); } else { anneaux.push(noeud); }
    })(couche.getLatLngs());
    var voile = L.polygon(anneaux, { interactive: false, stroke: false, fillColor: "#FFFFFF", fillOpacity: 0.5 });
    return L.layerGroup([voile].concat(trace(couche, [[ENCRE, 2.4]])));
  }

  /* ---------- the frame ---------- */

  function encadre(cadre) {  // west, south, east, north
    if (cadre) { etat.carte.fitBounds([[cadre[1], cadre[0]], [cadre[3], cadre[2]]], { animate: false, padding: [14, 14] }); }
    else { boussole.cadre(); }
  }

  /* ---------- names ---------- */

  function nomme(code) {
    var couche = trouve(code);
    if (!couche) { return []; }
    var lieu = couche.feature.properties.code.indexOf("COM-") === 0, ou = boussole.centre(couche);
    var texte = document.createElement("span");
    texte.textContent = couche.feature.properties.nom;
    var nom = L.tooltip({
      permanent: true, interactive: false, opacity: 1, direction: lieu ? "right" : "center",
      offset: lieu ? [4, 0] : [0, 0], className: "carte-nom" + (lieu ? "" : " carte-nom-large")
    }).setLatLng(ou).setContent(texte);
    if (!lieu) { return [nom]; }
    return [L.circleMarker(ou, {
      interactive: false, radius: 3, color: "#FFFFFF", weight: 1.5, fillColor: ENCRE, fillOpacity: 1
    }), nom];
  }

  function chevauche(a, b) {
    return a.left < b.right + ECART && b.left < a.right + ECART && a.top < b.bottom && b.top < a.bottom;
  }

  function degage() {  // the first named wins: a name never covers another
    if (!noms) { return; }
    var pris = [], bord = etat.carte.getContainer().getBoundingClientRect();
    var point = null;
    noms.eachLayer(function (couche) {
      if (couche instanceof L.CircleMarker) { point = couche; return; }
      var element = couche.getElement();
      if (!element) { return; }
      element.style.visibility = "";
      var boite = element.getBoundingClientRect();
      var cache = boite.right > bord.right || pris.some(function (autre) { return chevauche(boite, autre); });
      if (cache) { element.style.visibility = "hidden"; } else { pris.push(boite); }
      if (point) { point.setStyle({ opacity: cache ? 0 : 1, fillOpacity: cache ? 0 : 1 }); }
      point = null;
    });
  }

  /* ---------- twin maps ---------- */

  function jumelles() {
    var trouvees = [];
    for (var i = 0; i < window.parent.frames.length; i++) {
      try {
        var autre = window.parent.frames[i].boussole;
        if (autre && autre !== boussole && autre.etat.contenu && autre.etat.contenu.jumelle) { trouvees.push(autre); }
      } catch (refus) { /* a frame of another origin is not one of ours */ }
    }
    return trouvees;
  }

  function aJumelle() { return etat.contenu && etat.contenu.jumelle; }

  function suis(centre, zoom) {
    suivie = true;
    etat.carte.setView([centre.lat, centre.lng], zoom, { animate: false });
    suivie = false;
  }

  function montre(code) {
    if (designe) { designe.remove(); designe = null; }
    var couche = code && trouve(code);
    if (!couche || couche.feature.rang === undefined) { return; }
    designe = L.tooltip({ direction: "top", offset: [0, -8] })
      .setLatLng(boussole.centre(couche)).setContent(boussole.infobulle(couche)).addTo(etat.carte);
  }

  function relie() {
    ecoute = true;
    etat.carte.on("move", function () {
      if (suivie || !aJumelle()) { return; }
      jumelles().forEach(function (autre) { autre.suis(etat.carte.getCenter(), etat.carte.getZoom()); });
    });
    [etat.couche, etat.cercles].forEach(function (groupe) {
      groupe.on("mouseover", function (e) {
        if (aJumelle()) { jumelles().forEach(function (autre) { autre.montre(e.layer.feature.properties.code); }); }
      });
      groupe.on("mouseout", function () {
        if (aJumelle()) { jumelles().forEach(function (autre) { autre.montre(null); }); }
      });
    });
    etat.carte.on("zoomend resize", degage);
  }

  /* ---------- after each content ---------- */

  function change(cle, valeur) {
    var texte = JSON.stringify([valeur || null, etat.url, etat.urlContours]);
    if (vu[cle] === texte || (!vu[cle] && !valeur)) { return false; }
    vu[cle] = texte;
    return true;
  }

  function suite(contenu) {
    if (!ecoute) { relie(); }
    montre(null);
    var cadre = contenu.cadre ? contenu.cadre.join() : "";
    if (vu.cadre !== cadre) { vu.cadre = cadre; encadre(contenu.cadre); }
    if (change("limite", contenu.limite)) {
      if (limite) { limite.remove(); }
      limite = contenu.limite ? isole(contenu.limite).addTo(etat.carte) : null;
    }
    if (limite && contenu.cercles) { limite.invoke("bringToFront"); }  // circles are drawn again at each content
    if (change("choisis", contenu.choisis)) {
      if (traits) { traits.remove(); }
      var petits = etat.nombre > 1000;  // a thick line would hide the colour of a commune
      var largeurs = petits ? [["#FFFFFF", 4], [ENCRE, 2]] : [["#FFFFFF", 6], [ENCRE, 3]];
      traits = contenu.choisis ? entoure(contenu.choisis, largeurs).addTo(etat.carte) : null;
    }
    if (change("noms", contenu.noms)) {
      if (noms) { noms.remove(); }
      noms = contenu.noms ? L.layerGroup([].concat.apply([], contenu.noms.map(nomme))).addTo(etat.carte) : null;
    }
    degage();
  }

  boussole.suis = suis;
  boussole.montre = montre;
  boussole.suites.push(suite);
})();
