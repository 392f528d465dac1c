/** Colours of the system, or light or dark ones whatever the system has. */
import { useState } from 'preact/hooks';
import { THEMES, chooseTheme, chosenTheme } from './theme.ts';
import type { Theme } from './theme.ts';

const NAMES: Readonly<Record<Theme, string>> = { automatic: 'Automatic', light: 'Light', dark: 'Dark' };

export function ThemeSwitch() {
  const [chosen, setChosen] = useState(chosenTheme);
  return (
    <fieldset class="group themes">
      <legend>Colours</legend>
      <div class="segments">
        {THEMES.map(theme => (
          <label key={theme}>
            <input
              type="radio"
              name="theme"
              checked={chosen === theme}
              onChange={() => {
                chooseTheme(theme);
                setChosen(theme);
              }}
            />
            <span>{NAMES[theme]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
