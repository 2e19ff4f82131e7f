import type { PlaceholderValues } from '../template/placeholders.js';
import { writeValue, type PlaceholderUse, type WirePart } from './wire-placeholder.js';

/** A plate that serves this many readers is worth a copy of its bytes in fewer, longer buffers. */
const MERGE_AFTER = 3;

/** A reader's body. */
export interface FilledBody {
  chunks: Buffer[];
  octets: number;
}

/** The body of a message: constant buffers, and placeholders that are filled for each reader. */
export class PlateBody {
  /** A number stands for the placeholder of that index. */
  private parts: readonly (Buffer | number)[];
  private readonly placeholders: PlaceholderUse[] = [];
  /** How often each placeholder stands in it. */
  private readonly counts: number[] = [];
  private fills = 0;
  /** Of the constant bytes. */
  readonly octets: number;

  constructor(parts: readonly WirePart[]) {
    let octets = 0;
    this.parts = parts.map((part) => {
      if (Buffer.isBuffer(part)) {
        octets += part.length;
        return part;
      }
      const index = this.indexOf(part);
      this.counts[index] = (this.counts[index] ?? 0) + 1;
      return index;
    });
    this.octets = octets;
  }

  private indexOf(use: PlaceholderUse): number {
    const known = this.placeholders.indexOf(use);
    return known >= 0 ? known : this.placeholders.push(use) - 1;
  }

  /**
   * @returns null when a value can't be written in this form
   * @throws Error when a placeholder has no value
   */
  fill(values: PlaceholderValues): FilledBody | null {
    const written = new Map<string, Buffer>();
    const filled: Buffer[] = [];
    let octets = this.octets;
    for (const [index, use] of this.placeholders.entries()) {
      const value = writeValue(use, values, written);
      if (!value) return null;
      octets += value.length * (this.counts[index] as number);
      filled.push(value);
    }
    this.fills += 1;
    if (this.fills === MERGE_AFTER) this.parts = merged(this.parts);
    const chunks = this.parts.map((part) => (typeof part === 'number' ? (filled[part] as Buffer) : part));
    return { chunks, octets };
  }
}

/** The same with every run of constant buffers in one: each costs the socket a little for each reader. */
function merged(parts: readonly (Buffer | number)[]): (Buffer | number)[] {
  const result: (Buffer | number)[] = [];
  let run: Buffer[] = [];
  const endRun = () => {
    if (run.length > 0) result.push(run.length === 1 ? (run[0] as Buffer) : Buffer.concat(run));
    run = [];
  };
  for (const part of parts) {
    if (typeof part !== 'number') run.push(part);
    else {
      endRun();
      result.push(part);
    }
  }
  endRun();
  return result;
}
