import { retry } from './retry.js';

describe('insist', () => {
  const failing = (times: number) => {
    let calls = 0;
    return () => (calls++ < times ? Promise.reject(new Error(`failure ${calls}`)) : Promise.resolve(calls));
  };

  it('does it again until it is done', async () => {
    await expect(retry(failing(0), [])).resolves.toBe(1);
    await expect(retry(failing(2), [1, 1])).resolves.toBe(3);
  });

  it('gives up with the last error', async () => {
    await expect(retry(failing(3), [1, 1])).rejects.toThrow('failure 3');
  });
});
