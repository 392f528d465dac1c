/** Whether a server says that what it serves is made up. */
export function isSimulated({ headers }: Response): boolean {
  return headers.get('x-wikigauge-simulated') === 'true';
}
