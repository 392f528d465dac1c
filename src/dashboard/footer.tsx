/** The origin of the data, links to the API and other tools, and the colours. */
import type { Status } from './api-client.ts';
import { seriesPath } from './api-client.ts';
import type { Step } from '../core/steps.ts';
import { isWikiName } from '../core/wiki-name.ts';
import { rangeAsked } from './range.ts';
import { ThemeSwitch } from './theme-switch.tsx';
import { wikisOf } from './url-state.ts';
import type { View } from './url-state.ts';

interface Props {
  readonly status: Status | undefined;
  readonly view: View;
  /** Length of a bucket of the chart. */
  readonly step: Step;
}

export function Footer({ status, view, step }: Props) {
  const { wiki, minutes, end } = view;
  return (
    <footer>
      <nav aria-label="More">
        <a href="/docs">API</a>
        {wiki !== undefined && isWikiName(wiki) && (
          <a href={seriesPath(rangeAsked({ wiki: wikisOf(view).join(','), minutes, end }), step)}>
            This range as JSON
          </a>
        )}
        {status?.temporalUiUrl !== undefined && (
          <ExternalLink href={status.temporalUiUrl}>Temporal Web UI</ExternalLink>
        )}
        <ExternalLink href="https://wikitech.wikimedia.org/wiki/Event_Platform/EventStreams_HTTP_Service">
          About EventStreams
        </ExternalLink>
      </nav>
      <ThemeSwitch />
      {status !== undefined && (
        <p>
          {status.sources.length > 0 && 'Source: '}
          {status.sources.map(({ url, simulated }, at) => (
            <span key={url}>
              {at > 0 && ', '}
              <ExternalLink href={url}>{url.replace(/^https?:\/\//, '')}</ExternalLink>
              {simulated && ' (simulated)'}
            </span>
          ))}
          <span class="version">wikigauge {status.version}</span>
        </p>
      )}
    </footer>
  );
}

/** A link to another site; plain text when it is not a web address. */
function ExternalLink({ href, children }: { href: string; children: string }) {
  if (!/^https?:\/\//.test(href)) return <>{children}</>;
  return (
    <a href={href} rel="noopener noreferrer" target="_blank">
      {children}
    </a>
  );
}
