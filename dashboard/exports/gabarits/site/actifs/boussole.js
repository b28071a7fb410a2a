"use strict";
/* Data as classic scripts: a browser refuses fetch and modules on file://, never a script element. */
var boussole = (function () {
  var lus = {}, attentes = {};
  var racine = document.currentScript.getAttribute("src").replace(/actifs\/boussole\.js$/, "");
  var FINE = "\u202f", MOINS = "\u2212";

  function recoit(cle, valeur) { lus[cle] = valeur; }

  function charge(cle) {
    attentes[cle] = attentes[cle] || new Promise(function (ok, ko) {
      var script = document.createElement("script");
      script.src = racine + "donnees/" + cle + ".js";
      script.onload = function () { if (cle in lus) ok(lus[cle]); else ko(new Error(cle)); };
      script.onerror = function () { ko(new Error(cle)); };
      document.head.appendChild(script);
    });
    return attentes[cle];
  }

  function nombre(x, decimales) {
    var morceaux = Math.abs(x).toFixed(decimales).split(".");
    morceaux[0] = morceaux[0].replace(/\B(?=(\d{3})+$)/g, FINE);
    var nul = Number(morceaux.join(".").split(FINE).join("")) === 0;
    return (x < 0 && !nul ? MOINS : "") + morceaux.join(",");
  }

  /* « 12,3 % »; « n.d. » when missing, « s. » when hidden by secrecy. */
  function valeur(v, d) {
    if (v === "s") return "s.";
    if (v === null || v === undefined) return "n.d.";
    return nombre(v, d.decimales) + (d.unite ? FINE + d.unite : "");
  }

  function balise(nom, attributs, contenu) {
    var e = document.createElement(nom);
    Object.keys(attributs || {}).forEach(function (cle) { e.setAttribute(cle, attributs[cle]); });
    [].concat(contenu === undefined ? [] : contenu).forEach(function (c) {
      e.appendChild(typeof c === "object" ? c : document.createTextNode(String(c)));
    });
    return e;
  }

  function vide(e) { while (e.firstChild) e.removeChild(e.firstChild); return e; }

  function page(code) { return code.indexOf("COM-") === 0 ? "territoire.html#" + code : "territoires/" + code + ".html"; }

  /* A text as one searches it: no accent, no capital, « st » as « saint ». */
  function normalise(texte) {
    var mots = texte.toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").normalize("NFD")
      .replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9]+/g, " ").trim().split(" ");
    return mots.map(function (m) { return mots.length < 2 ? m : m === "st" ? "saint" : m === "ste" ? "sainte" : m; }).join(" ");
  }

  return { recoit: recoit, charge: charge, nombre: nombre, valeur: valeur, balise: balise, vide: vide, page: page,
    normalise: normalise };
})();
