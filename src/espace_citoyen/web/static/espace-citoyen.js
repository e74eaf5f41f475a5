// Comfort only (focus, counters, "show the password", the way back): every page works without it.
const own = document.querySelector("script[data-library]");
document.body.classList.add("js-enabled", "govuk-frontend-supported");
if (document.querySelector("form[data-kept]")) {
  history.replaceState(history.state, ""); // a step back asks for the page again instead of sending the form twice
}
const { initAll } = await import(own.dataset.library);
initAll();
