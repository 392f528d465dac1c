/** Whether the server labels its data as simulated. */
export function isSimulated({ headers }: Response): boolean {
  return headers.get('x-wikigauge-simulated') === 'true';
}
