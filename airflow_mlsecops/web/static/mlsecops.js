// Follows Airflow's light/dark switch, copies code, and opens Airflow's own pages.
// Everything else on these pages works without script.
(() => {
  const root = document.documentElement;
  const host = (() => { try { return window.parent !== window ? window.parent.document.documentElement : null; } catch { return null; } })();
  const stored = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const paint = () => { root.dataset.theme = (host ? host.classList.contains("dark") : stored() === "dark") ? "dark" : "light"; };
  paint();
  if (host) new MutationObserver(paint).observe(host, { attributes: true, attributeFilter: ["class"] });

  document.addEventListener("click", (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      const text = copy.closest("figure").querySelector("pre").textContent;
      const say = (word) => { copy.querySelector("span").textContent = word; };
      (navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject()).then(() => say("Copied"), () => say("Press Ctrl+C"));
    }
    // The sandbox lets this frame neither use target=_top nor set the parent's location: a link of the parent's own may.
    const out = event.target.closest("a[data-airflow]");
    if (out && host) {
      event.preventDefault();
      const link = window.parent.document.createElement("a");
      link.href = out.href;
      link.target = out.target;
      link.rel = out.rel;
      window.parent.document.body.append(link);
      link.click();
      link.remove();
    }
  });
})();
