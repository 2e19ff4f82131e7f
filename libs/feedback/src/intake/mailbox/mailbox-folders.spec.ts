import { pathOf, type Namespace } from './mailbox-folders.js';

const PLAIN: Namespace = { prefix: '', delimiter: '/' };
const DOTS: Namespace = { prefix: '', delimiter: '.' };
const COURIER: Namespace = { prefix: 'INBOX.', delimiter: '.' };
const FLAT: Namespace = { prefix: '', delimiter: null };

test.each<[string, Namespace, string]>([
  ['Handled', PLAIN, 'Handled'],
  ['Returned/Handled', PLAIN, 'Returned/Handled'],
  ['Returned/Handled', DOTS, 'Returned.Handled'],
  ['Handled', COURIER, 'INBOX.Handled'],
  ['INBOX.Handled', COURIER, 'INBOX.Handled'],
  ['INBOX/Handled', COURIER, 'INBOX.Handled'],
  ['inbox/Handled', COURIER, 'INBOX.Handled'],
  ['Returned/Handled', COURIER, 'INBOX.Returned.Handled'],
  ['inbox', COURIER, 'INBOX'],
  ['INBOX', PLAIN, 'INBOX'],
  ['a/b', FLAT, 'a/b'],
])('%s of a server with %j is %s', (name, namespace, path) => {
  expect(pathOf(name, namespace)).toBe(path);
});
