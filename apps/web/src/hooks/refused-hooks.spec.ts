import { RefusedHooks } from './refused-hooks.js';

describe('refused requests to webhooks', () => {
  it('end in 429 for their network after 600 in a minute, and for no other', async () => {
    const refused = new RefusedHooks();
    for (let n = 1; n < 600; n++) await refused.count('192.0.2.7');
    await expect(refused.refuseTooMany('192.0.2.7')).resolves.toBeUndefined();
    await refused.count('192.0.2.7');
    await expect(refused.refuseTooMany('192.0.2.7')).rejects.toMatchObject({ code: 'rate_limited' });
    await expect(refused.refuseTooMany('192.0.2.8')).resolves.toBeUndefined();
  });
});
