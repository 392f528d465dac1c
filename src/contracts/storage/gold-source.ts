/** The stream that events, and the rows of gold counted from them, came from. */
export interface GoldSource {
  readonly url: string;
  /** True when the stream declared its events to be simulated. */
  readonly simulated: boolean;
}
