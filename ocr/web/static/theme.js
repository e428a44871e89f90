/* Light or dark, as the system has it or as was chosen. No module: it runs before anything is shown. */
{
  const KEY = "theme";
  const NAMES = { "": "as the system", light: "light", dark: "dark" };
  /** @type {Record<string, string>} */
  const SIGNS = { "": "◐", light: "☀", dark: "☾" };
  const root = document.documentElement;
  let theme = "";
  try {
    theme = localStorage.getItem(KEY) ?? "";
  } catch {
    // the browser keeps nothing
  }
  const show = () => {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    const button = document.getElementById("theme");
    if (!button) return;
    button.title = `Light or dark: ${NAMES[theme]}`;
    button.setAttribute("aria-label", button.title);
    button.textContent = SIGNS[theme];
    dispatchEvent(new Event("themechange"));
  };
  show();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => dispatchEvent(new Event("themechange")));
  document.addEventListener("DOMContentLoaded", () => {
    show();
    document.getElementById("theme")?.addEventListener("click", () => {
      const names = Object.keys(NAMES);
      theme = names[(names.indexOf(theme) + 1) % names.length];
      try {
        localStorage.setItem(KEY, theme);
      } catch {
        // then it holds until the page is closed
      }
      show();
    });
  });
}
