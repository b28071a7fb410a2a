/*
 * Choosing territories with a frame: Shift and drag, or the button, then drag (Enter takes what is on screen).
 * A territory is in the frame when its centre is. Runs after carte.js, on the pages of the product only.
 */
(function () {
  "use strict";

  var boussole = window.boussole, etat = boussole.etat;
  var PETIT = 6;  // pixels: less is a hand that trembles, not a frame
  var CONSIGNE = L.Browser.mobile ? "Glisser un doigt pour tracer un cadre."
    : "Glisser pour tracer un cadre. Entrée\u00a0: tout ce qui est à l'écran. Échap\u00a0: quitter.";
  var VIDE = "Aucun centre de territoire dans ce cadre.";
  var boite = null, bouton = null, avis = null, cadre = null, depart = null, actif = false, minuterie = 0, trace = false;

  function dis(texte, secondes) {
    clearTimeout(minuterie);
    avis.textContent = texte;
    avis.hidden = !texte;
    if (secondes) { minuterie = setTimeout(dis, 1000 * secondes, ""); }
  }

  function bascule(voulu) {
    actif = voulu;
    bouton.setAttribute("aria-pressed", String(actif));
    boite.classList.toggle("carte-trace", actif);
    if (actif) { etat.carte.dragging.disable(); } else if (!L.Browser.mobile) { etat.carte.dragging.enable(); }
    dis(actif ? CONSIGNE : "");
    if (!actif) { abandonne(); }
  }

  function abandonne() {
    if (cadre) { cadre.remove(); cadre = null; }
    depart = null;
  }

  function envoie(bornes) {
    var codes = etat.territoires
      .filter(function (couche) { return bornes.contains(boussole.centre(couche)); })
      .map(function (couche) { return couche.feature.properties.code; });
    bascule(false);
    if (!codes.length) { dis(VIDE, 6); return; }
    etat.clics += 1;
    boussole.envoie({ type: "Feature", geometry: null, properties: { cadre: codes, clic: etat.clics } });
  }

  /* ---------- the drag ---------- */

  function ici(e) { return etat.carte.mouseEventToContainerPoint(e); }

  function commence(e) {
    trace = false;
    if (depart || !e.isPrimary || e.button !== 0 || !(actif || e.shiftKey) || e.target.closest(".leaflet-control")) {
      return;
    }
    depart = ici(e);
    boite.setPointerCapture(e.pointerId);
    e.preventDefault();
  }

  function continue_(e) {
    if (!depart || !e.isPrimary) { return; }
    var b = L.bounds(depart, ici(e)), taille = b.getSize();
    if (!cadre && Math.max(taille.x, taille.y) < PETIT) { return; }
    if (!cadre) { dis(""); cadre = L.DomUtil.create("div", "carte-cadre", boite); }
    Object.assign(cadre.style, {
      left: b.min.x + "px", top: b.min.y + "px", width: taille.x + "px", height: taille.y + "px"
    });
  }

  function finit(e) {
    if (!depart || !e.isPrimary) { return; }
    var b = L.bounds(depart, ici(e)), dessine = cadre !== null;
    trace = dessine || actif;  // the click that follows is not one on a territory
    abandonne();
    if (dessine) {
      envoie(L.latLngBounds(etat.carte.containerPointToLatLng(b.min), etat.carte.containerPointToLatLng(b.max)));
    }
  }

  function retient(e) {
    if (!trace || e.target.closest(".leaflet-control")) { return; }
    trace = false;
    e.stopImmediatePropagation();
    e.preventDefault();
  }

  function auClavier(e) {
    if (e.key === "Escape" && (actif || depart)) { trace = depart !== null; bascule(false); bouton.focus(); }
    if (e.key === "Enter" && actif && e.target === boite) { envoie(etat.carte.getBounds()); }
  }

  /* ---------- the button ---------- */

  var Bouton = L.Control.extend({
    options: { position: "topleft" },
    onAdd: function () {
      var barre = L.DomUtil.create("div", "leaflet-bar");
      bouton = L.DomUtil.create("a", "carte-choisir", barre);
      bouton.href = "#";
      bouton.title = "Sélectionner dans un cadre";
      bouton.setAttribute("role", "button");
      bouton.setAttribute("aria-label", bouton.title);
      bouton.innerHTML = '<svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" ' +
        'stroke-width="1.6"><path d="M1.5 1.5h13v13h-13z" stroke-dasharray="3 2"/><path d="M8 5v6M5 8h6"/></svg>';
      L.DomEvent.disableClickPropagation(barre);
      L.DomEvent.on(bouton, "click", function (clic) {
        L.DomEvent.preventDefault(clic);
        bascule(!actif);
        if (actif) { boite.focus({ preventScroll: true }); }  // the arrows and Enter then reach the map
      });
      return barre;
    }
  });

  function installe() {
    boite = etat.carte.getContainer();
    etat.carte.boxZoom.disable();
    new Bouton().addTo(etat.carte);
    avis = L.DomUtil.create("p", "carte-avis", boite);
    avis.setAttribute("role", "status");
    bascule(false);
    boite.addEventListener("pointerdown", commence, true);
    boite.addEventListener("pointermove", continue_);
    boite.addEventListener("pointerup", finit);
    boite.addEventListener("pointercancel", abandonne);
    boite.addEventListener("click", retient, true);
    document.addEventListener("keydown", auClavier);
  }

  boussole.suites.push(function () {
    if (!boite) { installe(); }
  });
})();
