"use strict";
/* The map: territories drawn once a scale, coloured by indicator, read by mouse, by finger or by keyboard. */
(function () {
  var b = boussole, SVG = "http://www.w3.org/2000/svg";
  function $(id) { return document.getElementById(id); }
  var choix = $("indicateur"), zone = $("zone"), svg = $("carte"), lu = $("lu"), annonce = $("annonce"), lieux = $("lieux"), lieu = $("lieu");
  var boutons = [].slice.call(document.querySelectorAll("button[data-maille]"));
  var etat = { maille: null, id: null, code: null }, geo = null, vals = null, cadre = null, chemins = [], demande = 0;
  var MAILLES = { DEP: "departement", EPCI: "epci", COM: "commune" };

  function el(nom, attributs, parent) {
    var e = document.createElementNS(SVG, nom);
    Object.keys(attributs).forEach(function (c) { e.setAttribute(c, attributs[c]); });
    if (parent) parent.appendChild(e);
    return e;
  }

  function option() { return choix.options[choix.selectedIndex]; }
  function possibles() { return option().getAttribute("data-mailles").split(" "); }

  function lisAdresse() {
    var h = decodeURIComponent(location.hash.slice(1)), sorte = h.split("-")[0], morceaux = h.split("/");
    if (MAILLES[sorte]) { etat.maille = MAILLES[sorte]; etat.code = h; premierA(etat.maille); return; }
    if ([].some.call(choix.options, function (o) { return o.value === morceaux[0]; })) choix.value = morceaux[0];
    if (morceaux[1]) etat.maille = morceaux[1];
  }

  function premierA(maille) {
    if (possibles().indexOf(maille) >= 0) return;
    var o = [].filter.call(choix.options, function (x) { return x.getAttribute("data-mailles").split(" ").indexOf(maille) >= 0; })[0];
    if (o) choix.value = o.value;
  }

  function rafraichit() {
    var p = possibles(), mien = ++demande;
    if (p.indexOf(etat.maille) < 0) etat.maille = p.indexOf("epci") >= 0 ? "epci" : p[p.length - 1];
    etat.id = choix.value;
    boutons.forEach(function (x) {
      x.hidden = p.indexOf(x.getAttribute("data-maille")) < 0;
      x.setAttribute("aria-pressed", String(x.getAttribute("data-maille") === etat.maille));
    });
    Promise.all([b.charge("contours/" + etat.maille), b.charge("valeurs/" + etat.maille + "/" + etat.id)]).then(function (r) {
      if (mien !== demande) return;
      vals = r[1];
      if (geo !== r[0]) { geo = r[0]; dessine(); }
      colore(); legende(); phrase(); tableau();
      if (etat.code && geo.codes.indexOf(etat.code) >= 0) choisit(geo.codes.indexOf(etat.code), false); else libere();
      zone.setAttribute("data-prete", etat.maille + "/" + etat.id);
    }, function () { lu.textContent = "Les données de cette carte manquent dans ce dossier."; });
  }

  function dessine() {
    b.vide(svg);
    var defs = el("defs", {}, svg);
    [["m", [["path", { d: "M-1 1L1-1M0 6L6 0M5 7L7 5", stroke: "#46525F", "stroke-width": "1.1" }]]],
      ["s", [["circle", { cx: 1.5, cy: 1.5, r: .9, fill: "#46525F" }], ["circle", { cx: 4.5, cy: 4.5, r: .9, fill: "#46525F" }]]]].forEach(function (p) {
      var k = geo.largeur / 900, motif = el("pattern", { id: "motif-" + p[0], width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "scale(" + k + ")" }, defs);
      el("path", { d: "M0 0h6v6H0z", fill: "#FFFFFF" }, motif);
      p[1].forEach(function (x) { el(x[0], x[1], motif); });
    });
    cadre = [-20, -20, geo.largeur + 40, geo.hauteur + 40];
    vise();
    chemins = geo.d.map(function (d, rang) { return el("path", { d: d, "class": "t", "data-rang": rang, "fill-rule": "evenodd" }, svg); });
    geo.contours.forEach(function (d) { el("path", { d: d, "class": "contour" }, svg); });
    el("g", { id: "ronds", "class": "ronds" }, svg);
    el("path", { id: "halo", "class": "halo" }, svg);
    el("path", { id: "choisi", "class": "choisi" }, svg);
    b.vide(lieux);
    geo.noms.forEach(function (nom, rang) { lieux.appendChild(b.balise("option", { value: nom + " (" + geo.codes[rang].split("-")[1] + ")" })); });
  }

  function colore() {
    var ronds = b.vide($("ronds")), cercles = vals.cercles, k = geo.largeur / 900;
    chemins.forEach(function (p, rang) {
      var c = vals.chiffres[rang];
      p.setAttribute("fill", c === "m" || c === "s" ? "url(#motif-" + c + ")" : cercles ? "#F3F5F8" : vals.palette[Number(c)]);
      p.setAttribute("stroke", cercles ? "#B4BDC8" : "#FFFFFF");
    });
    if (!cercles) return;
    vals.valeurs.map(function (v, rang) { return [v, rang]; }).filter(function (x) { return typeof x[0] === "number" && x[0] > 0; })
      .sort(function (x, y) { return y[0] - x[0]; }).forEach(function (x) {
        var c = geo.centres[x[1]];
        el("circle", { cx: c[0], cy: c[1], r: Math.max(.9, cercles.rayon * Math.sqrt(x[0] / cercles.maximum)) * k, fill: vals.palette[0], "fill-opacity": .75, stroke: "#FFFFFF", "stroke-width": .8 * k }, ronds);
      });
  }

  function entree(signe, texte, compte) { return [signe, b.balise("span", {}, texte), b.balise("b", {}, compte)]; }

  function legende() {
    var ou = b.vide($("legende")), lignes = [];
    ou.appendChild(b.balise("h2", { "class": "b-h2" }, vals.libelle + (vals.unite ? ", en " + vals.unite : "")));
    ou.appendChild(b.balise("p", {}, vals.detail));
    if (vals.cercles) {
      [1, .25, .0625].forEach(function (part) {
        var r = vals.cercles.rayon * Math.sqrt(part), s = el("svg", { width: 2 * r + 2, height: 2 * r + 2, "class": "b-cercle", "aria-hidden": "true" });
        el("circle", { cx: r + 1, cy: r + 1, r: r, fill: vals.palette[0], "fill-opacity": .75 }, s);
        var v = vals.cercles.maximum * part;
        lignes = lignes.concat(entree(s, "", b.valeur(Number(v.toFixed(vals.decimales)), vals)));
      });
    } else {
      for (var rang = vals.palette.length - 1; rang >= 0; rang--) {
        var pastille = b.balise("i");
        pastille.style.background = vals.palette[rang];
        lignes = lignes.concat(entree(pastille, vals.libelles[rang], b.nombre(vals.effectifs[rang], 0)));
      }
    }
    lignes.push(b.balise("span", { "class": "b-coupure" }));
    [["m", "Donnée absente", vals.absents], ["s", "Secret statistique", vals.secrets]].forEach(function (x) {
      lignes = lignes.concat(entree(b.balise("img", { src: "actifs/motif_" + x[0] + ".svg", alt: "", width: 22, height: 15 }), x[1], b.nombre(x[2], 0)));
    });
    ou.appendChild(b.balise("div", { "class": "b-legende" }, lignes));
    b.vide($("note")).appendChild(document.createTextNode((vals.contexte ? "Contexte, pas un résultat de politique régionale. " : "") + "Source : " + vals.source + ". "));
    $("note").appendChild(b.balise("a", { href: "indicateurs/" + etat.id + ".html", "class": "b-lien" }, "Définition et données"));
  }

  function phrase() {
    var ou = b.vide($("phrase"));
    ou.appendChild(document.createTextNode(vals.titre + ". "));
    vals.phrase.forEach(function (m) { ou.appendChild(m[1] ? b.balise("strong", {}, m[0]) : document.createTextNode(m[0])); });
    svg.setAttribute("aria-label", "Carte. " + ou.textContent);
  }

  function tableau() {
    var ou = b.vide($("table"));
    if (!$("tableau").open) return;
    var rangs = geo.codes.map(function (_, r) { return r; }), poids = function (r) { return typeof vals.valeurs[r] === "number" ? vals.valeurs[r] : -Infinity; };
    rangs.sort(function (x, y) { return poids(y) === poids(x) ? x - y : poids(y) - poids(x); });
    var lignes = rangs.map(function (r) {
      return b.balise("tr", {}, [b.balise("th", { scope: "row" }, b.balise("a", { href: b.page(geo.codes[r]) }, geo.noms[r])),
        b.balise("td", { "class": "b-num" }, texte(r)), b.balise("td", {}, sorte(r))]);
    });
    var tete = b.balise("tr", {}, [b.balise("th", { scope: "col" }, "Territoire"), b.balise("th", { scope: "col", "class": "b-num" }, vals.libelle), b.balise("th", { scope: "col" }, "Classe")]);
    ou.appendChild(b.balise("table", { "class": "b-table" }, [b.balise("caption", { "class": "s-cache" }, vals.titre), b.balise("thead", {}, tete), b.balise("tbody", {}, lignes)]));
  }

  function texte(rang) { return b.valeur(vals.chiffres[rang] === "s" ? "s" : vals.valeurs[rang], vals); }
  function sorte(rang) {
    var c = vals.chiffres[rang];
    return c === "s" ? "secret statistique" : c === "m" ? "donnée absente" : vals.cercles ? "publié" : vals.libelles[Number(c)];
  }

  function dis(rang) {
    b.vide(lu);
    lu.appendChild(b.balise("strong", {}, geo.noms[rang]));
    lu.appendChild(document.createTextNode(" : " + texte(rang) + (vals.cercles || typeof vals.valeurs[rang] === "number" ? "" : ", " + sorte(rang)) + " "));
    lu.appendChild(b.balise("a", { href: b.page(geo.codes[rang]), "class": "b-lien" }, "Ouvrir le portrait"));
  }

  function choisit(rang, parle) {
    etat.code = geo.codes[rang];
    $("halo").setAttribute("d", geo.d[rang]);
    $("choisi").setAttribute("d", geo.d[rang]);
    dis(rang);
    if (parle) annonce.textContent = geo.noms[rang] + " : " + texte(rang);
  }

  function libere() {
    etat.code = null;
    $("halo").removeAttribute("d");
    $("choisi").removeAttribute("d");
    lu.textContent = "Toucher un territoire, ou aller sur la carte au clavier et la parcourir avec les flèches.";
  }

  function vise() { svg.setAttribute("viewBox", cadre.join(" ")); }
  function zoome(facteur) {
    var c = etat.code ? geo.centres[geo.codes.indexOf(etat.code)] : [cadre[0] + cadre[2] / 2, cadre[1] + cadre[3] / 2];
    var l = Math.min(geo.largeur + 40, Math.max(geo.largeur / 12, cadre[2] * facteur)), h = l * (geo.hauteur + 40) / (geo.largeur + 40);
    cadre = l >= geo.largeur + 40 ? [-20, -20, geo.largeur + 40, geo.hauteur + 40] : [c[0] - l / 2, c[1] - h / 2, l, h];
    vise();
  }
  function suit(rang) {
    var c = geo.centres[rang];
    if (c[0] < cadre[0] || c[1] < cadre[1] || c[0] > cadre[0] + cadre[2] || c[1] > cadre[1] + cadre[3]) { cadre[0] = c[0] - cadre[2] / 2; cadre[1] = c[1] - cadre[3] / 2; vise(); }
  }

  /* The nearest territory in the direction of an arrow: far ahead costs less than far aside. */
  function voisin(dx, dy) {
    var de = etat.code ? geo.codes.indexOf(etat.code) : -1;
    if (de < 0) return geo.centres.reduce(function (m, c, r) { return ecart(c) < ecart(geo.centres[m]) ? r : m; }, 0);
    var o = geo.centres[de], mieux = -1, cout = Infinity;
    geo.centres.forEach(function (c, r) {
      var x = c[0] - o[0], y = c[1] - o[1], devant = x * dx + y * dy, cote = Math.abs(x * dy) + Math.abs(y * dx), n = devant + 2.5 * cote;
      if (r !== de && devant > 0 && n < cout) { cout = n; mieux = r; }
    });
    return mieux < 0 ? de : mieux;
  }
  function ecart(c) { return Math.pow(c[0] - geo.largeur / 2, 2) + Math.pow(c[1] - geo.hauteur / 2, 2); }

  var FLECHES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  zone.addEventListener("keydown", function (e) {
    if (e.target !== zone || !geo) return;
    var f = FLECHES[e.key];
    if (f) { var r = voisin(f[0], f[1]); choisit(r, true); suit(r); }
    else if (e.key === "Enter" && etat.code) location.href = b.page(etat.code);
    else if (e.key === "+") zoome(.5); else if (e.key === "-") zoome(2); else if (e.key === "Escape") libere();
    else return;
    e.preventDefault();
  });
  svg.addEventListener("pointermove", function (e) {
    var r = e.target.getAttribute("data-rang");
    if (r !== null && e.pointerType === "mouse" && !tire) dis(Number(r));
  });
  svg.addEventListener("pointerleave", function () { if (geo && vals) { if (etat.code) dis(geo.codes.indexOf(etat.code)); else libere(); } });
  svg.addEventListener("click", function (e) { var r = e.target.getAttribute("data-rang"); if (r !== null && !glisse) choisit(Number(r), true); });

  var tire = null, glisse = false;
  svg.addEventListener("pointerdown", function (e) { glisse = false; if (cadre && cadre[2] < geo.largeur) tire = [e.clientX, e.clientY, cadre[0], cadre[1]]; });
  window.addEventListener("pointermove", function (e) {
    if (!tire) return;
    var k = cadre[2] / svg.clientWidth;
    if (Math.abs(e.clientX - tire[0]) + Math.abs(e.clientY - tire[1]) > 5) glisse = true;
    cadre[0] = tire[2] - (e.clientX - tire[0]) * k; cadre[1] = tire[3] - (e.clientY - tire[1]) * k;
    vise();
  });
  window.addEventListener("pointerup", function () { tire = null; });
  $("plus").addEventListener("click", function () { zoome(.5); });
  $("moins").addEventListener("click", function () { zoome(2); });
  $("tout").addEventListener("click", function () { zoome(1e6); });
  choix.addEventListener("change", function () { rafraichit(); adresse(); });
  boutons.forEach(function (x) { x.addEventListener("click", function () { etat.maille = x.getAttribute("data-maille"); rafraichit(); adresse(); }); });
  lieu.addEventListener("change", function () {
    var code = (/\(([0-9AB]+)\)$/.exec(lieu.value) || [])[1];
    var rang = geo.codes.findIndex(function (c, r) { return code ? c.split("-")[1] === code : b.normalise(geo.noms[r]) === b.normalise(lieu.value); });
    if (rang >= 0) { choisit(rang, true); suit(rang); } else lu.textContent = "Aucun territoire de ce nom à cette échelle.";
  });
  $("tableau").addEventListener("toggle", function () { if (vals) tableau(); });
  function adresse() { history.replaceState(null, "", "#" + choix.value + "/" + etat.maille); }
  window.addEventListener("hashchange", function () { lisAdresse(); rafraichit(); });
  $("avec").hidden = false;
  lisAdresse();
  rafraichit();
})();
