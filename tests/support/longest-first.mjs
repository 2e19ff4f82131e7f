import Sequencer from '@jest/test-sequencer';

/** Tiers whose tests wait most come first, so that the quick ones fill the gaps and none is left over at the end. */
const ORDER = ['faults', 'e2e', 'browser', 'integration', 'unit'];
const placeOf = (test) => ORDER.indexOf(test.context.config.displayName?.name);

/** By tier, and in it as Jest does: by how long it took before, else by size. */
export default class LongestFirst extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    return sorted.sort((a, b) => placeOf(a) - placeOf(b));
  }
}
