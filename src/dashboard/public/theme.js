/**
 * Chooses the colours before the first paint, so that a page that is to be dark never flashes white. It is a file of its
 * own because the page's content security policy allows no script in the page, and it is here because Vite copies this
 * folder as it is: a bundled script would run too late. `theme.ts` does everything after that.
 */
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('wikigauge-theme');
  } catch {
    // A browser that refuses storage gets the colours of the system.
  }
  const isDark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
})();
