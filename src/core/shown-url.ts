/** A URL as it may be shown, logged and stored: without user, password, query and fragment, which can contain tokens. */
export function shownUrl(url: string): string {
  // As text: templates are not URLs, and the names of sources that are stored must not be normalised.
  return url.replace(/[?#].*$/su, '').replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/]*@/iu, '$1//');
}
