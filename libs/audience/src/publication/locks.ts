/** Advisory locks of this lib, held to the end of a transaction. Each spells a word. */
export const LOCKS = {
  /** "BRPB": making the publication. */
  publication: 0x42525042,
  /** "BRTM": numbering a terms version. */
  terms: 0x4252544d,
  /** "BRSL": sealing consents. */
  seal: 0x4252534c,
} as const;
