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
})();
