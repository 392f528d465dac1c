/** The origin of the data, and links to the API and other tools. */
import type { Status } from './api-client.ts';
import { editsPath } from './api-client.ts';
import { isWikiName } from '../core/wiki-name.ts';
import type { View } from './url-state.ts';

export function Footer({ status, view }: { status: Status | undefined; view: View }) {
  const { wiki, minutes } = view;
  return (
    <footer>
      <nav aria-label="More">
        <a href="/docs">API</a>
        {wiki !== undefined && isWikiName(wiki) && (
          <a href={editsPath({ wiki, minutes })}>This range as JSON</a>
        )}
        {status?.temporalUiUrl !== undefined && (
          <ExternalLink href={status.temporalUiUrl}>Temporal Web UI</ExternalLink>
        )}
        <ExternalLink href="https://wikitech.wikimedia.org/wiki/Event_Platform/EventStreams_HTTP_Service">
          About EventStreams
        </ExternalLink>
      </nav>
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
