"use strict";
/* Search over everything that has a page: without accents, by code or postcode, with a typing mistake at need. */
(function () {
  var b = boussole, champ = document.getElementById("q"), liste = document.getElementById("resultats"), dit = document.getElementById("dit");
  var MAX = 30, fiches = null;

  function prepare(d) {
    var f = [];
    function ajoute(nom, detail, lien, poids, codes) {
      f.push({ nom: nom, detail: detail, lien: lien, poids: poids, plat: b.normalise(nom), codes: codes || [] });
    }
    d.programmes.forEach(function (p) { ajoute(p[1], "Programme · " + p[2], "programmes/" + p[0] + ".html", 3e7); });
    d.indicateurs.forEach(function (i) { ajoute(i[1], "Indicateur · " + i[2], "indicateurs/" + i[0] + ".html", 2e7); });
    d.territoires.forEach(function (t) {
      ajoute(t[1], t[2], "territoires/" + t[0] + ".html", t[3] + 1e5, [t[0], t[0].split("-")[1]]);
    });
    d.communes.forEach(function (c) {
      var postaux = c[4] ? c[4].split(" ") : [];
      var detail = "Commune" + (c[2] < 0 ? "" : " · " + d.departements[c[2]]) + (postaux.length ? " · " + postaux.slice(0, 3).join(", ") : "");
      ajoute(c[1], detail, "territoire.html#COM-" + c[0], c[3], ["COM-" + c[0], c[0]].concat(postaux));
    });
    return f;
  }

  function rang(f, plat) {
    if (f.plat === plat) return 0;
    if (f.plat.indexOf(plat) === 0) return 1;
    var mots = f.plat.split(" ");
    var tous = plat.split(" ").every(function (m) { return mots.some(function (x) { return x.indexOf(m) === 0; }); });
    if (tous) return 2;
    return f.plat.indexOf(plat) >= 0 ? 3 : -1;
  }

  /* Letters to change between two words, two neighbours swapped counting for one; given up beyond `max`. */
  function distance(a, c, max) {
    if (Math.abs(a.length - c.length) > max) return max + 1;
    var avant = [], ligne = [], suite, i, j;
    for (j = 0; j <= c.length; j++) ligne[j] = j;
    for (i = 1; i <= a.length; i++) {
      suite = [i];
      for (j = 1; j <= c.length; j++) {
        suite[j] = Math.min(ligne[j] + 1, suite[j - 1] + 1, ligne[j - 1] + (a[i - 1] === c[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === c[j - 2] && a[i - 2] === c[j - 1]) suite[j] = Math.min(suite[j], avant[j - 2] + 1);
      }
      avant = ligne; ligne = suite;
    }
    return ligne[c.length];
  }

  function faute(f, plat) {
    var mots = f.plat.split(" "), total = 0;
    var proches = plat.split(" ").every(function (m) {
      var max = m.length < 4 ? 0 : m.length < 8 ? 1 : 2;
      var note = Math.min.apply(null, mots.map(function (x) { return distance(m, x, max); }));
      total += note;
      return note <= max;
    });
    return proches ? total + (mots.length - plat.split(" ").length) / 10 : -1;
  }

  function trie(notes) {
    return notes.sort(function (x, y) { return x[0] - y[0] || y[1].poids - x[1].poids || (x[1].nom < y[1].nom ? -1 : 1); })
      .map(function (n) { return n[1]; });
  }

  function cherche(texte) {
    var plat = b.normalise(texte), brut = texte.trim().toUpperCase().replace(/\s/g, "");
    if (!plat) return [];
    var exacts = fiches.filter(function (f) { return f.codes.indexOf(brut) >= 0; });
    if (exacts.length) return exacts.sort(function (x, y) { return y.poids - x.poids; });
    var notes = [];
    fiches.forEach(function (f) { var r = rang(f, plat); if (r >= 0) notes.push([r, f]); });
    if (!notes.length) fiches.forEach(function (f) { var r = faute(f, plat); if (r >= 0) notes.push([r, f]); });
    return trie(notes);
  }

  function montre() {
    if (!fiches) return;
    var trouves = cherche(champ.value), n = trouves.length;
    b.vide(liste);
    if (!champ.value.trim()) { dit.textContent = "Écrire un nom, un code INSEE ou un code postal."; return; }
    dit.textContent = n === 0 ? "Rien de ce nom dans cet instantané." : n === 1 ? "1 résultat" :
      b.nombre(n, 0) + " résultats" + (n > MAX ? ", les " + MAX + " premiers" : "");
    trouves.slice(0, MAX).forEach(function (f) {
      liste.appendChild(b.balise("li", {}, [b.balise("a", { href: f.lien }, f.nom), " ", b.balise("span", { "class": "b-second" }, f.detail)]));
    });
  }

  champ.form.hidden = false;
  champ.value = new URLSearchParams(location.search).get("q") || "";
  champ.form.addEventListener("submit", function (e) { e.preventDefault(); montre(); });
  champ.addEventListener("input", montre);
  dit.textContent = "Chargement…";
  b.charge("recherche").then(function (d) { fiches = prepare(d); montre(); champ.focus(); }, function () {
    dit.textContent = "L'index de recherche manque dans ce dossier.";
  });
})();
