const BITS = 27;
const PLACES = 4;

/**
 * Which addresses a file has had by now, in 16 MB however many they are (a Bloom filter): of a million one at most is taken for another.
 */
export class Seen {
  private readonly bits = new Uint8Array(2 ** BITS / 8);

  /** @param hash of an address, 16 bytes or more. @returns whether it was there before */
  add(hash: Buffer): boolean {
    let isKnown = true;
    for (let place = 0; place < PLACES; place += 1) {
      const at = hash.readUInt32BE(place * 4) >>> (32 - BITS);
      const [byte, bit] = [at >>> 3, 1 << (at & 7)];
      const bits = this.bits[byte] ?? 0;
      if ((bits & bit) === 0) isKnown = false;
      this.bits[byte] = bits | bit;
    }
    return isKnown;
  }
}
