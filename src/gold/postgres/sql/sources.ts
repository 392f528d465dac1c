/** `gold.sources`: the streams that rows came from. */
import type { QueryConfig } from 'pg';
import type { GoldSource } from '../../../contracts/storage/gold-source.ts';

/** Records a stream once, by its URL. */
export function addSource({ url, simulated }: GoldSource): QueryConfig {
  return {
    name: 'note-source',
    text: 'insert into gold.sources (url, simulated) values ($1, $2) on conflict (url) do nothing',
    values: [url, simulated],
  };
}

/** Rows of `url`, `simulated`. */
export function allSources(): QueryConfig {
  return { name: 'all-sources', text: 'select url, simulated from gold.sources order by url collate "C"' };
}
