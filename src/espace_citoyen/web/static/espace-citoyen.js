// Comfort only (focus, counters, "show the password"): every page works without it.
const own = document.querySelector("script[data-library]");
document.body.classList.add("js-enabled", "govuk-frontend-supported");
const { initAll } = await import(own.dataset.library);
initAll();
