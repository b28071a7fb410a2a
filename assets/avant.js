/* Runs before Streamlit, which reads both of these when its own scripts start. */

/* Its server is at the root of this host: a page's address is not searched for another one. */
window.__streamlit = { BACKEND_BASE_URL: window.location.origin + "/" };

/*
 * Our Content-Security-Policy forbids WebAssembly; Streamlit's number library tries it, then falls back to
 * plain JavaScript. Saying so beforehand keeps the console free of a refused attempt.
 */
delete window.WebAssembly;

/*
 * The menu opens a page with an empty address, and the page then writes its territory and date into it. Both must be
 * one step of the history: else "back" returns to the empty address, which is filled again, and never leaves the page.
 */
(function () {
  var pousse = window.history.pushState;
  var DELAI_MS = 3000;
  var arrivee = { chemin: window.location.pathname, quand: 0 };
  window.addEventListener("popstate", function () {
    arrivee = { chemin: window.location.pathname, quand: Date.now() };
  });
  window.history.pushState = function (etat, titre, adresse) {
    var visee = new URL(adresse || window.location.href, window.location.href);
    var vide = window.location.search === "" && visee.pathname === window.location.pathname;
    if (vide && arrivee.chemin === visee.pathname && Date.now() - arrivee.quand < DELAI_MS) {
      return window.history.replaceState(etat, titre, adresse);
    }
    if (visee.pathname !== window.location.pathname) {
      arrivee = { chemin: visee.pathname, quand: Date.now() };
    }
    return pousse.call(window.history, etat, titre, adresse);
  };

  /*
   * A link to another of our pages: told to Streamlit as a step of the history, it opens in the session that is there.
   * Followed by the browser, it would load the whole application again.
   */
  function page(chemin) { return chemin.indexOf(".") < 0 && chemin.indexOf("/api/") !== 0; }
  document.addEventListener("click", function (clic) {
    var ancre = clic.target.closest && clic.target.closest("[data-testid=stHtml] a[href]");
    if (!ancre || ancre.target || ancre.origin !== window.location.origin || !page(ancre.pathname)) { return; }
    if (clic.defaultPrevented || clic.button || clic.metaKey || clic.ctrlKey || clic.shiftKey || clic.altKey) { return; }
    clic.preventDefault();
    pousse.call(window.history, {}, "", ancre.href);
    window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
    var corps = document.querySelector("[data-testid=stMain]");
    if (corps) { corps.scrollTo(0, 0); }
  });
})();

/* Streamlit's file picker speaks English only: its few words are put in French as they are drawn. */
(function () {
  var MOTS = [
    [/^Upload$/, "Choisir un fichier"],
    [/^(\d+)MB per file/, "$1 Mo au plus"],
    [/^file upload$/, "Choisir un fichier"],
    [/^Remove (?=.)/, "Retirer "],
    [/^Add files?$/, "Remplacer le fichier"]
  ];
  function enFrancais(texte) {
    return MOTS.reduce(function (dit, mot) { return dit.replace(mot[0], mot[1]); }, texte);
  }
  function traduis(champ) {
    var textes = document.createTreeWalker(champ, NodeFilter.SHOW_TEXT);
    while (textes.nextNode()) {
      var noeud = textes.currentNode, dit = enFrancais(noeud.nodeValue);
      if (dit !== noeud.nodeValue && !noeud.parentElement.closest("[data-testid=stFileUploaderFile]")) { noeud.nodeValue = dit; }
    }
    champ.querySelectorAll("[aria-label]").forEach(function (element) {
      var lu = element.getAttribute("aria-label"), dit = enFrancais(lu);
      if (dit !== lu) { element.setAttribute("aria-label", dit); }
    });
  }
  new MutationObserver(function () {
    document.querySelectorAll("[data-testid=stFileUploader]").forEach(traduis);
  }).observe(document, { childList: true, subtree: true });
})();

/* The bubbles of words: one open at a time, closed by Escape and by a click elsewhere. */
(function () {
  function ferme(sauf) {
    document.querySelectorAll("details.b-bulle[open]").forEach(function (bulle) { if (bulle !== sauf) { bulle.open = false; } });
  }
  document.addEventListener("click", function (clic) { ferme(clic.target.closest && clic.target.closest("details.b-bulle")); });
  document.addEventListener("keydown", function (touche) {
    var bulle = touche.key === "Escape" && document.querySelector("details.b-bulle[open]");
    if (bulle) { bulle.open = false; bulle.querySelector("summary").focus(); }
  });
})();
