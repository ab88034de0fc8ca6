/** A file of an export; its path is relative to the export's folder, with `/`. */
export interface BundleFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly executable?: true;
}
