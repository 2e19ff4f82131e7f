import type { Check, CheckName } from './check.js';
import { DnsFailure } from './dns/resolver.js';

/** What is asked for itself: where DNS does not answer, there is one line that says so. */
export interface Question {
  check: CheckName;
  about: string;
  ask: () => Promise<Check[]>;
}

/** @returns what the question finds; one line, `unknown`, where DNS does not answer */
export async function answered({ check, about, ask }: Question): Promise<Check[]> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof DnsFailure)) throw error;
    return [
      {
        check,
        about,
        state: 'unknown',
        found: `no answer for ${error.question} (${error.reason})`,
        publish: 'nothing; look again later, or at the name servers of this domain',
        why: 'DNS did not answer, so nothing is known.',
      },
    ];
  }
}
