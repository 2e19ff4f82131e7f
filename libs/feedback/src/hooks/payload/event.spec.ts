import { NOW } from '../hooks.fixture.js';
import { providerEvent, recipientOf, type Told } from './event.js';

const told = (more: Partial<Told> = {}): Told => ({
  id: 'e1',
  kind: 'bounce',
  name: 'bounce',
  at: undefined,
  ...more,
});
const event = (more?: Partial<Told>) => providerEvent(told(more), NOW);

describe('an event', () => {
  it('that says nothing is one all the same', () => {
    expect(
      providerEvent({ id: undefined, kind: 'unknown', name: undefined, at: undefined }, NOW),
    ).toMatchObject({
      kind: 'unknown',
      name: 'unnamed',
      recipient: null,
      messageId: null,
      providerMessageId: null,
      code: null,
      status: null,
      text: '',
      verdict: null,
      at: NOW,
    });
  });

  it.each<[string, Partial<Told>, number | null, string | null]>([
    [
      'of fields before those of the words',
      { code: 552, status: '5.2.2', text: '550 5.1.1 no' },
      552,
      '5.2.2',
    ],
    [
      'of the words where the fields have none',
      { code: 605, status: 'failed', text: '550 5.1.1 no' },
      550,
      '5.1.1',
    ],
    ['none where there are none', { text: 'Host not found' }, null, null],
    ['none of a number that is none', { code: Number.NaN, text: 'no' }, null, null],
  ])('has the codes %s', (_, more, code, status) => {
    expect(event(more)).toMatchObject({ code, status });
  });

  it.each<[string, Told['id'], RegExp]>([
    ['as it came', 'W/"abc:1"', /^W\/"abc:1"$/],
    ['hashed when it is too long', 'x'.repeat(201), /^[\w-]{32}$/],
    ['hashed when it holds an address', 'bounce:reader@example.com', /^[\w-]{32}$/],
    ['hashed when it is no word', 'a b', /^[\w-]{32}$/],
    ['hashed when it is empty', '', /^[\w-]{32}$/],
    ['hashed when it is made of parts', ['a', 1, undefined], /^[\w-]{32}$/],
  ])('has an id %s', (_, id, expected) => {
    expect(event({ id }).id).toMatch(expected);
    expect(event({ id }).id).toBe(event({ id }).id);
  });

  it('without an id has one of what it says, whenever it comes', () => {
    const one = told({ id: undefined, recipient: 'r@example.com', at: NOW });
    const again = providerEvent(one, new Date(0));
    expect(providerEvent(one, NOW).id).toBe(again.id);
    expect(event({ id: undefined, recipient: 'other@example.com', at: NOW }).id).not.toBe(again.id);
  });

  it('is kept short', () => {
    const long = event({
      text: 'x'.repeat(5_000),
      name: 'n'.repeat(500),
      providerMessageId: 'p'.repeat(500),
    });
    expect([long.text.length, long.name.length, long.providerMessageId?.length]).toEqual([1_000, 100, 200]);
  });
});

describe('a recipient', () => {
  it.each<[string | undefined, string | null]>([
    ['Reader@Example.COM', 'reader@example.com'],
    [' <reader@example.com> ', 'reader@example.com'],
    ['"Reader, The" <Reader@example.com>', 'reader@example.com'],
    ['reader@bücher.example', 'reader@xn--bcher-kva.example'],
    ['od..d@example.com', 'od..d@example.com'],
    ['not an email address', null],
    ['<>', null],
    ['', null],
    [undefined, null],
    [`${'x'.repeat(2_000)}@example.com`, null],
  ])('of %j is %j', (given, expected) => {
    expect(recipientOf(given)).toBe(expected);
  });
});
