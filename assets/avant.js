/* Runs before Streamlit, which reads both of these when its own scripts start. */

/* Its server is at the root of this host: a page's address is not searched for another one. */
window.__streamlit = { BACKEND_BASE_URL: window.location.origin + "/" };

/*
 * Our Content-Security-Policy forbids WebAssembly; Streamlit's number library tries it, then falls back to
 * plain JavaScript. Saying so beforehand keeps the console free of a refused attempt.
 */
delete window.WebAssembly;
