/** ADMIN_TOKEN as the reader typed it. This tab of the browser keeps it until it is closed; it is in no address. */
import { useState } from 'preact/hooks';

const KEY = 'wikigauge-token';

export function useToken(): readonly [token: string, keep: (token: string) => void] {
  const [token, setToken] = useState(kept);
  const keep = (next: string): void => {
    setToken(next);
    try {
      if (next === '') sessionStorage.removeItem(KEY);
      else sessionStorage.setItem(KEY, next);
    } catch {
      // A browser that refuses storage forgets it when the page is left.
    }
  };
  return [token, keep];
}

function kept(): string {
  try {
    return sessionStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}
