/*
 * What a map receives, before Leaflet: the content as a short text (see dashboard/figures/carte.py), the values
 * it holds, their French text, and the patterns of what has no value.
 */
(function () {
  "use strict";

  var SPECIAUX = ["m", "s", "n"];
  var TEXTES = { m: "Donnée absente", s: "Secret statistique", n: "Sans objet" };

  function octets(texte) {
    return Uint8Array.from(atob(texte), function (lettre) { return lettre.charCodeAt(0); });
  }

  function degonfle(texte) {
    return new Response(new Blob([octets(texte)]).stream().pipeThrough(new DecompressionStream("deflate")));
  }

  async function decode(exactes) {
    var plans = new Uint8Array(await degonfle(exactes.texte).arrayBuffer());
    var n = plans.length / (exactes.octets || 3), rangs = new Array(n).fill(0);
    for (var i = 0, poids = 1; i < plans.length; i++) {
      rangs[i % n] += poids * plans[i];
      if (i % n === n - 1) { poids *= 256; }
    }
    return rangs;
  }

  function classeDuRang(exactes, rang) {
    var classe = exactes.bases.length - 1;
    while (classe > 0 && rang < exactes.bases[classe]) { classe -= 1; }
    return classe;
  }

  async function litValeurs(contenu) {  // one class digit per territory, and its exact value when it was sent
    var exactes = contenu.exactes;
    if (!exactes) { return { chiffres: contenu.chiffres, valeurs: null }; }
    var echelle = Math.pow(10, exactes.decimales), chiffres = "", valeurs = [];
    (await decode(exactes)).forEach(function (rang) {
      var classe = rang < SPECIAUX.length ? null : classeDuRang(exactes, rang);
      chiffres += classe === null ? SPECIAUX[rang] : classe;
      valeurs.push(classe === null ? null : (rang - exactes.bases[classe] + exactes.minimums[classe]) / echelle);
    });
    return { chiffres: chiffres, valeurs: valeurs };
  }

  function texteNombre(valeur, exactes) {
    var chiffre = new Intl.NumberFormat("fr-FR", {
      minimumFractionDigits: exactes.decimales, maximumFractionDigits: exactes.decimales
    }).format(valeur).replace("-", "\u2212").replace(/[\u00a0\u202f]/g, "\u202f");
    var signe = exactes.signe && valeur > 0 ? "+" : "";
    return signe + chiffre + (exactes.unite ? "\u202f" + exactes.unite : "");
  }

  function texteValeur(contenu, lues, rang) {
    var chiffre = lues.chiffres[rang];
    if (TEXTES[chiffre]) { return TEXTES[chiffre]; }
    if (lues.valeurs) { return texteNombre(lues.valeurs[rang], contenu.exactes); }
    return contenu.libelles[chiffre] || "";
  }

  /* ---------- patterns: never colour alone ---------- */

  function tuile(dessine) {
    var toile = document.createElement("canvas");
    toile.width = toile.height = 6;
    var pinceau = toile.getContext("2d");
    pinceau.strokeStyle = pinceau.fillStyle = "#46525F";
    dessine(pinceau);
    return pinceau.createPattern(toile, "repeat");
  }

  function hachures(pinceau) {
    pinceau.fillStyle = "#fff"; pinceau.fillRect(0, 0, 6, 6);
    pinceau.lineWidth = 1.1;
    [[-1, 1, 1, -1], [0, 6, 6, 0], [5, 7, 7, 5]].forEach(function (s) {
      pinceau.beginPath(); pinceau.moveTo(s[0], s[1]); pinceau.lineTo(s[2], s[3]); pinceau.stroke();
    });
  }

  function points(pinceau) {
    pinceau.fillStyle = "#fff"; pinceau.fillRect(0, 0, 6, 6);
    pinceau.fillStyle = "#46525F";
    [[1.5, 1.5], [4.5, 4.5]].forEach(function (p) {
      pinceau.beginPath(); pinceau.arc(p[0], p[1], 0.9, 0, 7); pinceau.fill();
    });
  }

  function croix(pinceau) {
    pinceau.fillStyle = "#E6EAEF"; pinceau.fillRect(0, 0, 6, 6);
    pinceau.strokeStyle = "#8793A1"; pinceau.lineWidth = 0.8;
    [[3, 1, 3, 5], [1, 3, 5, 3]].forEach(function (s) {
      pinceau.beginPath(); pinceau.moveTo(s[0], s[1]); pinceau.lineTo(s[2], s[3]); pinceau.stroke();
    });
  }

  function installeMotifs() {
    var motifs = { m: tuile(hachures), s: tuile(points), n: tuile(croix) };
    var dessine = L.Canvas.prototype._fillStroke;
    L.Canvas.include({
      _fillStroke: function (pinceau, couche) {
        var options = couche.options;
        if (!options.fill || !options.motif) { dessine.call(this, pinceau, couche); return; }
        pinceau.globalAlpha = options.fillOpacity;
        pinceau.fillStyle = motifs[options.motif];
        pinceau.fill("evenodd");
        options.fill = false;
        dessine.call(this, pinceau, couche);
        options.fill = true;
      }
    });
  }

  window.boussoleLecture = {
    degonfle: degonfle, litValeurs: litValeurs, texteValeur: texteValeur, installeMotifs: installeMotifs,
    estSpecial: function (chiffre) { return chiffre in TEXTES; }
  };
})();
