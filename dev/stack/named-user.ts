/** Some servers look up the name of the user that they run as, and end without one. */
import { userInfo } from 'node:os';

/**
 * @param server its name
 * @param own how to use another server instead
 * @throws Error when the user of this process has no entry in passwd, as in a container that is run with any uid
 */
export function needUserName(server: string, own: string): void {
  try {
    userInfo();
  } catch {
    const uid = process.geteuid?.() ?? 'unknown';
    throw new Error(
      `${server} does not run as user ${uid}, who has no entry in /etc/passwd. ` +
        `Add one (useradd --uid ${uid} wikigauge), or use your own server: ${own}`,
    );
  }
}
