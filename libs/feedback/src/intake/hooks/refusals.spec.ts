import { HOOK_PROVIDER_NAMES } from '../../hooks/hook-providers.js';
import { refused, type RefusalReason } from '../../hooks/hook.js';
import { refusalError } from './refusals.js';

describe('what a refused request is answered', () => {
  it.each<[RefusalReason, number, number]>([
    ['unauthorised', 401, 401],
    ['signature', 403, 403],
    ['stale', 403, 406],
    ['topic', 403, 403],
    ['shape', 400, 406],
    ['certificate', 503, 503],
  ])('%s: %i, of Mailgun %i', (reason, status, ofMailgun) => {
    for (const name of HOOK_PROVIDER_NAMES) {
      const error = refusalError(name, refused(reason, 'why'));
      expect([name, error.status, error.message]).toEqual([
        name,
        name === 'mailgun' ? ofMailgun : status,
        'why',
      ]);
      expect(error.retryAfter === undefined).toBe(status !== 503);
    }
  });
});
