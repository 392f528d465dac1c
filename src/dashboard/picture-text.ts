/** ⑨ What a picture of the chart says beside the chart. */

export interface PictureText {
  /** Of the file, without what its kind adds. */
  readonly name: string;
  readonly title: string;
  readonly range: string;
  readonly source: string;
  readonly link: string;
  readonly simulated: boolean;
}
