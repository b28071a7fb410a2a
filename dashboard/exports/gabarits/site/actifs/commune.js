"use strict";
/* One commune, its indicators beside its EPCI, its département and the région. The address says which: #COM-… */
(function () {
  var b = boussole, ici = document.getElementById("commune"), titre = document.getElementById("titre");

  function code() {
    var demande = decodeURIComponent(location.hash.slice(1)) || new URLSearchParams(location.search).get("code") || "";
    return /^COM-[0-9][0-9AB][0-9]{3}$/.test(demande) ? demande : "";
  }

  function departement(c) { return c.slice(4, 6) === "97" ? c.slice(4, 7) : c.slice(4, 6); }

  function dis(texte) { b.vide(ici).appendChild(b.balise("p", { "class": "b-phrase" }, texte)); }

  function montre() {
    var c = code();
    if (!c) {
      dis("Aucune commune demandée.");
      ici.appendChild(b.balise("p", {}, b.balise("a", { href: "recherche.html", "class": "b-lien" }, "Chercher une commune")));
      return;
    }
    b.charge("communes/" + departement(c)).then(function (d) { dessine(c, d); }, function () {
      dis("La commune " + c.slice(4) + " n'est pas dans cet instantané.");
    });
  }

  function dessine(c, d) {
    var ligne = d.communes[c];
    if (!ligne) { dis("La commune " + c.slice(4) + " n'est pas dans cet instantané."); return; }
    var region = Object.keys(d.reperes).filter(function (k) { return k.indexOf("REG-") === 0; })[0];
    var parents = [ligne[1], d.departement, region].filter(Boolean);
    titre.textContent = ligne[0];
    document.title = ligne[0] + " · " + document.title.split(" · ").slice(-1)[0];
    fil(parents.slice().reverse(), d);
    b.vide(ici);
    ici.appendChild(b.balise("p", { "class": "b-phrase" }, phrase(ligne, parents, d)));
    ici.appendChild(b.balise("h2", { "class": "s-h2" }, "Face à ceux qui la contiennent"));
    ici.appendChild(tableau(ligne, parents, d));
    ici.appendChild(b.balise("p", { "class": "b-note" }, "Indicateurs de contexte, à la même période pour tous. Les politiques régionales se mesurent par département et pour la région. n.d. : donnée absente ; s. : secret statistique."));
    var liens = [["territoires/" + d.departement + ".html", "Programmes du département " + d.reperes[d.departement][0]],
      ["carte.html#" + c, "Sur la carte"]];
    if (ligne[1]) liens.unshift(["territoires/" + ligne[1] + ".html", "Portrait : " + d.reperes[ligne[1]][0]]);
    ici.appendChild(b.balise("ul", { "class": "s-liens" }, liens.map(function (l) {
      return b.balise("li", {}, b.balise("a", { href: l[0], "class": "b-lien" }, l[1]));
    })));
  }

  function fil(parents, d) {
    var ou = b.vide(document.getElementById("fil"));
    ou.appendChild(b.balise("a", { href: "territoires.html" }, "Territoires"));
    parents.forEach(function (p) {
      ou.appendChild(document.createTextNode(" › "));
      ou.appendChild(b.balise("a", { href: "territoires/" + p + ".html" }, d.reperes[p][0]));
    });
    ou.appendChild(document.createTextNode(" › commune"));
  }

  function phrase(ligne, parents, d) {
    var rang = d.indicateurs.findIndex(function (i) { return i.unite === "hab."; });
    var ou = parents.slice(0, -1).map(function (p) { return d.reperes[p][0]; }).join(", ");
    if (rang < 0 || typeof ligne[rang + 2] !== "number") return ligne[0] + " : commune, " + ou + ".";
    var i = d.indicateurs[rang];
    return ligne[0] + " compte " + b.valeur(ligne[rang + 2], { decimales: i.decimales, unite: "habitants" }) + " (" + i.periode + "). " + ou + ".";
  }

  function tableau(ligne, parents, d) {
    var tetes = ["Contexte", "Ici"].concat(parents.map(function (p) { return d.reperes[p][0]; }));
    var corps = d.indicateurs.map(function (i, rang) {
      var nom = b.balise("th", { scope: "row" }, [b.balise("a", { href: "indicateurs/" + i.id + ".html" }, i.libelle), " ",
        b.balise("span", { "class": "b-second" }, i.periode + ", " + i.source)]);
      var cases = [b.balise("td", { "class": "b-num", "data-titre": "Ici" }, b.balise("strong", {}, b.valeur(ligne[rang + 2], i)))];
      parents.forEach(function (p) {
        cases.push(b.balise("td", { "class": "b-num", "data-titre": d.reperes[p][0] }, b.valeur(d.reperes[p][rang + 1], i)));
      });
      return b.balise("tr", {}, [nom].concat(cases));
    });
    var tete = tetes.map(function (t, n) { return b.balise("th", n ? { scope: "col", "class": "b-num" } : { scope: "col" }, t); });
    var table = b.balise("table", { "class": "b-table b-fiches s-commune" }, [b.balise("thead", {}, b.balise("tr", {}, tete)), b.balise("tbody", {}, corps)]);
    return b.balise("div", { "class": "b-defile", tabindex: "0", role: "region", "aria-label": "Indicateurs de la commune" }, table);
  }

  window.addEventListener("hashchange", montre);
  montre();
})();
