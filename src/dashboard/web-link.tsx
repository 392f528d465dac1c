/** Links to the Web UI of Temporal. */

/** Only to a web address. */
export function WebLink({ href, children }: { href: string; children: string }) {
  if (!/^https?:\/\//.test(href)) return <>{children}</>;
  return (
    <a href={href} rel="noopener noreferrer" target="_blank">
      {children}
    </a>
  );
}

interface RunProps {
  readonly id: string;
  /** The list of runs, if its address is known. */
  readonly webUi: string | undefined;
}

/** The id of a run, which leads to it. */
export function RunLink({ id, webUi }: RunProps) {
  if (webUi === undefined) return <code>{id}</code>;
  return (
    <code>
      <WebLink href={`${webUi}/${encodeURIComponent(id)}`}>{id}</WebLink>
    </code>
  );
}
