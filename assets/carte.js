/*
 * Boussole map, on Leaflet: geometry fetched once by URL, values received as a short text.
 * boussole.monte(carte) prepares the map; boussole.peint(contenu) shows a content (see dashboard/figures/carte.py).
 */
(function () {
  "use strict";

  var lecture = window.boussoleLecture;
  var ENCRE = "#1A2430";
  var MARGE = 6;
  var HAUTEUR_MINIMALE = 240;

  var etat = {
    carte: null, couche: null, contours: null, cercles: null, choix: null,
    territoires: [], nombre: 0, contenu: null, url: null, urlContours: null, chiffres: "", valeurs: null,
    bornes: null, cadree: false, clics: 0, tour: 0
  };
  var telechargements = {};

  function infobulle(couche) {
    var bulle = document.createElement("div"), nom = document.createElement("strong");
    nom.textContent = couche.feature.properties.nom;
    bulle.append(nom, lecture.texteValeur(etat.contenu, etat, couche.feature.rang));
    return bulle;
  }

  /* ---------- drawing ---------- */

  function epaisseur() {
    return etat.nombre > 1000 ? 0.35 : etat.nombre > 50 ? 0.7 : 1;
  }

  function style(rang) {
    var chiffre = etat.chiffres[rang], cercles = etat.contenu.cercles;
    var motif = lecture.estSpecial(chiffre) ? chiffre : null;
    return {
      fill: true, fillOpacity: etat.contenu.fond ? (cercles ? 0.3 : 0.65) : 1, motif: motif,
      fillColor: cercles ? "#F3F5F8" : etat.contenu.palette[chiffre] || "#FFFFFF",
      color: cercles ? "#B4BDC8" : "#FFFFFF", weight: epaisseur(), opacity: 1
    };
  }

  function prepare(territoire, couche) {
    etat.territoires.push(couche);
    couche.toGeoJSON = function () {  // st_folium sends this to the server: the code is enough
      return { type: "Feature", geometry: null, properties: { code: territoire.properties.code, clic: etat.clics } };
    };
  }

  function surClic(clic) {  // answer at once: st_folium alone would wait a quarter of a second
    etat.clics += 1;
    choisit(clic.layer.feature.properties.code);
    envoie(clic.layer.toGeoJSON());
  }

  function envoie(dessin) {
    window.__GLOBAL_DATA__.previous_data = { last_active_drawing: dessin };
    window.Streamlit.setComponentValue(window.__GLOBAL_DATA__.previous_data);
  }

  function bornesDe(geometrie) {  // before any layer exists: the view is set once, then everything is drawn once
    var bornes = L.latLngBounds([]);
    (function parcourt(noeud) {
      if (typeof noeud[0] === "number") { bornes.extend([noeud[1], noeud[0]]); } else { noeud.forEach(parcourt); }
    })(geometrie.features.map(function (territoire) { return territoire.geometry.coordinates; }));
    return bornes;
  }

  function remplace(geometrie) {
    etat.couche.clearLayers();
    etat.territoires = [];
    etat.bornes = bornesDe(geometrie);
    ajusteCadre();
    if (!etat.cadree) { cadre(); }
    geometrie.features.forEach(function (territoire, rang) { territoire.rang = rang; });
    etat.nombre = geometrie.features.length;
    etat.couche.addData(geometrie);
  }

  function colorie() {
    etat.territoires.forEach(function (couche) { couche.setStyle(style(couche.feature.rang)); });
  }

  function borde(geometrie) {
    if (etat.contours) { etat.contours.remove(); etat.contours = null; }
    if (!geometrie) { return; }
    etat.contours = L.geoJSON(geometrie, {
      interactive: false, style: { fill: false, color: "#2B3642", weight: 1.1, opacity: 1 }
    }).addTo(etat.carte);
  }

  function centre(couche) {  // centroid of the largest ring, in degrees
    var anneaux = couche.getLatLngs();  // rings of a polygon, or polygons: keep the outer rings
    anneaux = Array.isArray(anneaux[0][0]) ? anneaux.map(function (polygone) { return polygone[0]; }) : [anneaux[0]];
    var meilleur = null;
    anneaux.forEach(function (anneau) {
      var c = centroide(anneau);
      if (!meilleur || c.aire > meilleur.aire) { meilleur = c; }
    });
    return L.latLng(meilleur.lat, meilleur.lng);
  }

  function centroide(anneau) {
    var aire = 0, x = 0, y = 0;
    for (var i = 0, j = anneau.length - 1; i < anneau.length; j = i++) {
      var a = anneau[j], b = anneau[i], f = a.lng * b.lat - b.lng * a.lat;
      aire += f; x += (a.lng + b.lng) * f; y += (a.lat + b.lat) * f;
    }
    return { aire: Math.abs(aire), lng: x / (3 * aire), lat: y / (3 * aire) };
  }

  function cercle(couche, rayon) {
    var point = L.circleMarker(centre(couche), {
      radius: Math.max(rayon, 0.9), stroke: rayon > 3, color: "#FFFFFF", weight: 0.8, opacity: 1,
      fillColor: etat.contenu.palette[0], fillOpacity: 0.75
    });
    point.feature = couche.feature;
    point.toGeoJSON = couche.toGeoJSON;
    return point;
  }

  function encercle() {
    etat.cercles.clearLayers();
    var reglage = etat.contenu.cercles;
    if (!reglage || !etat.valeurs) { return; }
    etat.territoires
      .map(function (couche) { return { couche: couche, valeur: etat.valeurs[couche.feature.rang] }; })
      .filter(function (t) { return t.valeur > 0; })
      .sort(function (a, b) { return b.valeur - a.valeur; })
      .forEach(function (t) {
        etat.cercles.addLayer(cercle(t.couche, reglage.rayon * Math.sqrt(t.valeur / reglage.maximum)));
      });
  }

  function choisit(code) {
    if (etat.choix) { etat.choix.remove(); etat.choix = null; }
    var trouve = etat.territoires.find(function (couche) { return couche.feature.properties.code === code; });
    if (!trouve) { return; }
    etat.choix = L.layerGroup([["#FFFFFF", 6], [ENCRE, 3]].map(function (trait) {
      return L.polygon(trouve.getLatLngs(), { interactive: false, fill: false, color: trait[0], weight: trait[1] });
    })).addTo(etat.carte);
  }

  /* ---------- view ---------- */

  function hauteurUtile(demandee) {  // no empty band under a wide territory on a narrow screen
    if (!etat.bornes) { return demandee; }
    var a = etat.carte.project(etat.bornes.getNorthWest(), 8), b = etat.carte.project(etat.bornes.getSouthEast(), 8);
    var largeur = document.documentElement.clientWidth - 2 * MARGE;
    var utile = Math.ceil(largeur * (b.y - a.y) / (b.x - a.x)) + 2 * MARGE;
    return Math.min(demandee, Math.max(HAUTEUR_MINIMALE, utile));
  }

  function ajusteCadre() {
    var hauteur = hauteurUtile(etat.contenu.hauteur);
    document.getElementById("map_div").style.height = hauteur + "px";
    etat.carte.invalidateSize({ animate: false, pan: false });
    window.Streamlit.setFrameHeight(hauteur);
  }

  function cadre() {
    etat.carte.setMinZoom(0);
    etat.carte.fitBounds(etat.bornes, { animate: false, padding: [MARGE, MARGE] });
    etat.carte.setMinZoom(etat.carte.getZoom());
    etat.carte.setMaxBounds(etat.bornes.pad(0.4));
    etat.cadree = true;
  }

  function surTaille() {
    if (!etat.bornes) { return; }
    var ensemble = etat.carte.getZoom() <= etat.carte.getMinZoom();
    ajusteCadre();
    if (ensemble) { cadre(); }
  }

  /* ---------- content ---------- */

  function telecharge(url) {
    if (!url) { return Promise.resolve(null); }
    telechargements[url] = telechargements[url] || fetch(url).then(function (reponse) {
      if (!reponse.ok) { delete telechargements[url]; throw new Error(url + " : " + reponse.status); }
      return reponse.json();
    });
    return telechargements[url];
  }

  function verifie(geometrie, lues) {  // a value must never slide onto its neighbour
    if (geometrie.features.length !== lues.chiffres.length) {
      throw new Error(lues.chiffres.length + " classes pour " + geometrie.features.length + " territoires.");
    }
  }

  function montre(geometrie, contours) {
    var contenu = etat.contenu, nouvelle = etat.url !== contenu.geometrie;
    if (nouvelle) { remplace(geometrie); etat.url = contenu.geometrie; } else { ajusteCadre(); colorie(); }
    if (nouvelle || etat.urlContours !== contenu.contours) { borde(contours); etat.urlContours = contenu.contours; }
    encercle();
    choisit(contenu.selection);
    boussole.suites.forEach(function (suite) { suite(contenu); });
  }

  function annonce(prete) {
    document.documentElement.dataset.carte = prete;
    if (prete === "prete") { performance.mark("boussole-carte-prete"); }
  }

  function echoue(erreur) {
    console.error(erreur);
    var avis = document.createElement("p");
    avis.className = "carte-erreur";
    avis.setAttribute("role", "alert");
    avis.textContent = "Le fond de carte n'a pas pu être chargé. Rechargez la page ; le tableau donne les mêmes valeurs.";
    document.getElementById("map_div").appendChild(avis);
    annonce("erreur");
  }

  function nomme(titre) {
    document.title = titre;
    document.getElementById("carte-titre").textContent = titre;
    if (window.frameElement) { window.frameElement.setAttribute("title", titre); }
  }

  async function peint(texte) {
    var tour = ++etat.tour;
    annonce("en-cours");
    try {
      var contenu = await lecture.degonfle(texte).json();
      var recus = await Promise.all([telecharge(contenu.geometrie), telecharge(contenu.contours)]);
      var lues = await lecture.litValeurs(contenu);
      verifie(recus[0], lues);
      if (tour !== etat.tour) { return; }  // a newer content arrived meanwhile
      Object.assign(etat, lues, { contenu: contenu });
      nomme(contenu.titre);
      montre(recus[0], recus[1]);
      requestAnimationFrame(function () { setTimeout(annonce, 0, "prete"); });
    } catch (erreur) { echoue(erreur); }
  }

  /* ---------- the frame ---------- */

  function emprunteLaPolice() {  // the page preloads its own font: use the same file
    try {
      var lien = window.parent.document.querySelector('link[rel="preload"][as="font"]');
      if (!lien) { return; }
      var police = new FontFace("Boussole", "url(" + lien.href + ")", { weight: "200 900" });
      police.load().then(function (chargee) { document.fonts.add(chargee); }, function () {});
    } catch (refus) { /* framed by another origin: the fallback font will do */ }
  }

  function rendLisible() {
    var racine = document.getElementById("root"), titre = document.createElement("h1");
    racine.setAttribute("role", "region");
    racine.setAttribute("aria-labelledby", "carte-titre");
    titre.id = "carte-titre";
    titre.className = "carte-lecture";
    racine.prepend(titre);
    etat.carte.getContainer().setAttribute("role", "group");
    etat.carte.getContainer().setAttribute("aria-labelledby", "carte-titre");
  }

  var Cadrage = L.Control.extend({
    options: { position: "topleft" },
    onAdd: function () {
      var barre = L.DomUtil.create("div", "leaflet-bar"), bouton = L.DomUtil.create("a", "carte-cadrage", barre);
      bouton.href = "#";
      bouton.title = "Vue d'ensemble";
      bouton.setAttribute("role", "button");
      bouton.setAttribute("aria-label", bouton.title);
      bouton.innerHTML = '<svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" ' +
        'stroke-width="1.6"><path d="M1 5V1h4M11 1h4v4M15 11v4h-4M5 15H1v-4"/></svg>';
      L.DomEvent.disableClickPropagation(barre);
      L.DomEvent.on(bouton, "click", function (clic) { L.DomEvent.preventDefault(clic); if (etat.bornes) { cadre(); } });
      return barre;
    }
  });

  function monte(carte) {
    lecture.installeMotifs();
    etat.carte = carte;
    L.control.zoom({ zoomInTitle: "Zoomer", zoomOutTitle: "Dézoomer" }).addTo(carte);
    new Cadrage().addTo(carte);
    etat.couche = L.geoJSON(null, {
      noClip: true,  // cutting 54,000 points at the edge of the view takes longer than drawing them outside of it
      style: function (territoire) { return style(territoire.rang); }, onEachFeature: prepare
    }).addTo(carte);
    etat.cercles = L.featureGroup().addTo(carte);
    [etat.couche, etat.cercles].forEach(function (groupe) {
      groupe.bindTooltip(infobulle, { sticky: true, direction: "top", offset: [0, -8] });
      groupe.on("click", surClic);
    });
    carte.on("focus", function () { carte.scrollWheelZoom.enable(); });
    carte.on("blur", function () { carte.scrollWheelZoom.disable(); });
    rendLisible();
    emprunteLaPolice();
    new ResizeObserver(L.Util.throttle(surTaille, 150)).observe(document.documentElement);
  }

  var boussole = window.boussole = {
    monte: monte, peint: peint, etat: etat, cadre: cadre, centre: centre, infobulle: infobulle, envoie: envoie, suites: []
  };
})();
