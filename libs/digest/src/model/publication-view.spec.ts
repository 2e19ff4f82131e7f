import { listIdOf } from './publication-view.js';

it('the List-Id depends on the digest and the sender only', () => {
  expect(
    listIdOf({ name: 'The Morning Brief', slug: 'morning-brief' }, { senderEmail: 'news@post.example.org' }),
  ).toEqual({
    name: 'The Morning Brief',
    id: 'morning-brief.post.example.org',
  });
});
