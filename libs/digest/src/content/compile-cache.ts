import type { CompiledEdition } from '#rendering/edition/compiled-edition.js';
import type { EditionInput } from '#rendering/edition/edition-compiler.js';
import { fingerprintOf } from './fingerprint.js';

/** Editions kept: an operator goes between html, text and eml of one or two drafts. Each has some hundred KB. */
const KEPT = 8;

/** Keeps the latest compiled previews, by what they were compiled from. */
export class CompileCache {
  private readonly kept = new Map<string, Promise<CompiledEdition>>();

  /** The compiled edition of an input, compiled only if it is not there. */
  async get(
    input: EditionInput,
    compile: (input: EditionInput) => Promise<CompiledEdition>,
  ): Promise<CompiledEdition> {
    const key = fingerprintOf(input);
    const compiled = this.kept.get(key) ?? compile(input);
    // Taken out and put back: the first of the map is then the one not used for longest.
    this.kept.delete(key);
    this.kept.set(key, compiled);
    const [oldest] = this.kept.keys();
    if (this.kept.size > KEPT && oldest !== undefined) this.kept.delete(oldest);
    try {
      return await compiled;
    } catch (error) {
      this.kept.delete(key);
      throw error;
    }
  }
}
