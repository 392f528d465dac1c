/** Environment variables that point the pipeline to a simulated Wikimedia. */
export function settingsOf({ url, streamUrl }: { readonly url: string; readonly streamUrl: string }) {
  return {
    EVENTSTREAMS_URL: streamUrl,
    ACTION_API_URL: `${url}/{server_name}/w/api.php`,
    DUMPS_URL: `${url}/dumps`,
  };
}
