// Sets the chosen theme before the first paint, so that nothing flashes. Loaded in the head.
(function () {
  let kept = null;
  try { kept = localStorage.getItem("treadle-theme"); } catch (e) { kept = null; }
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
  document.documentElement.classList.add("js");
})();
