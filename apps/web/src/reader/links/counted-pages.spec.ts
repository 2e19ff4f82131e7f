import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ReaderPage } from '#feedback/clicks/click-counter.js';
import { PreferencesController } from '../preferences/preferences.controller.js';
import { UnsubscribeController } from '../unsubscribe/unsubscribe.controller.js';

const request = { ip: '192.0.2.1', headers: {} } as FastifyRequest;
const reply = { header: () => reply, headers: () => reply } as unknown as FastifyReply;

/** Looks at a page whose link is in a state. @returns the pages that were counted */
async function looked(at: ReaderPage, state: string): Promise<ReaderPage[]> {
  const counted: ReaderPage[] = [];
  const clicks = { page: (page: ReaderPage) => Promise.resolve(void counted.push(page)) };
  const peek = () => Promise.resolve({ state });
  const send = () => Promise.resolve();
  if (at === 'unsubscribe') {
    const controller = new UnsubscribeController(
      ...([{ peek }, { send }, clicks] as unknown as ConstructorParameters<typeof UnsubscribeController>),
    );
    await controller.show(request, reply, 'token');
  } else {
    const controller = new PreferencesController(
      ...([{}, {}, { view: peek }, {}, {}, {}, clicks] as unknown as ConstructorParameters<
        typeof PreferencesController
      >),
    );
    // What is shown is another test's: here the pages are none.
    await controller.show(request, reply, 'token').catch(() => undefined);
  }
  return counted;
}

test.each<[ReaderPage, string, boolean]>([
  ['unsubscribe', 'ready', true],
  ['unsubscribe', 'already', true],
  ['unsubscribe', 'invalid', false],
  ['preferences', 'ok', true],
  ['preferences', 'expired', true],
  ['preferences', 'invalid', false],
])('a visit to %s by a link that is %s is counted: %s', async (page, state, isCounted) => {
  expect(await looked(page, state)).toEqual(isCounted ? [page] : []);
});
