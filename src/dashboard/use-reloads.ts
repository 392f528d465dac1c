/** Asks for the range again when another answer about it has changed, which no event tells of. */
import { useEffect, useRef } from 'preact/hooks';

/** @param answer to the query; undefined until there is one */
export function useReloads(query: unknown, answer: unknown, reload: () => void): void {
  const [question, text] = [JSON.stringify(query), JSON.stringify(answer)];
  const seen = useRef<{ readonly question: string; readonly text: string }>(null);
  useEffect(() => {
    if (text === undefined) return;
    const before = seen.current;
    seen.current = { question, text };
    if (before?.question === question && before.text !== text) reload();
  }, [question, text]);
}
