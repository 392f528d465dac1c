/**
 * ⑧ Light or dark colours: those of the system, or what the reader has chosen. The style sheet goes by `data-theme` of the
 * document, which `public/theme.js` sets before the first paint.
 */
export const THEMES = ['automatic', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** As in `public/theme.js`. */
const KEY = 'wikigauge-theme';
const PREFERS_DARK = '(prefers-color-scheme: dark)';

export function chosenTheme(): Theme {
  try {
    return THEMES.find(theme => theme === localStorage.getItem(KEY)) ?? 'automatic';
  } catch {
    return 'automatic';
  }
}

/** Shows a theme, and keeps the choice for this browser. */
export function chooseTheme(theme: Theme): void {
  try {
    if (theme === 'automatic') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // A browser that refuses storage forgets it when the page is left.
  }
  show(theme);
}

/** Follows the system, and choices in other tabs. */
export function followTheme(): void {
  const follow = (): void => show(chosenTheme());
  follow();
  matchMedia(PREFERS_DARK).addEventListener('change', follow);
  addEventListener('storage', follow);
}

function show(theme: Theme): void {
  const isDark = theme === 'dark' || (theme === 'automatic' && matchMedia(PREFERS_DARK).matches);
  document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
}

/** Calls back when colours of the style sheet have changed. @returns ends it */
export function onRecolour(changed: () => void): () => void {
  const themes = new MutationObserver(changed);
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const contrasts = ['(prefers-contrast: more)', '(forced-colors: active)'].map(query => matchMedia(query));
  for (const query of contrasts) query.addEventListener('change', changed);
  return () => {
    themes.disconnect();
    for (const query of contrasts) query.removeEventListener('change', changed);
  };
}
