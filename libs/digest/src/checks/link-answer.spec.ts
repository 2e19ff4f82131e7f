import { FetchError } from '#content/fetching/fetch-error.js';
import { ofFailure, ofStatus } from './link-answer.js';
import { picturesWithoutAlt } from './pictures.js';

test.each([
  [200, null],
  [206, null],
  [304, null],
  [403, null], // a wall against programs
  [405, null],
  [429, null],
  [999, null], // LinkedIn's
  [404, /no such page/],
  [410, /gone/],
  [500, /error \(500\)/],
])('%s', (status, problem) => {
  const answer = ofStatus(status);
  if (problem) expect(answer.problem).toMatch(problem);
  else expect(answer.problem).toBeNull();
});

test.each([
  [new FetchError('too_large', 'It is long.'), null],
  [new FetchError('address_refused', 'No.'), /private network/],
  [new FetchError('unreachable', 'a.example has no address.'), /a\.example has no address/],
  [new Error('secret'), /could not be tried/],
])('%s', (error, problem) => {
  const answer = ofFailure(error);
  if (problem) expect(answer.problem).toMatch(problem);
  else expect(answer.problem).toBeNull();
});

test.each([
  ['<p><img src="a.png"></p>', ['a.png']],
  ['<img src="a.png" alt="">', ['a.png']],
  ['<IMG SRC=a.png ALT=" ">', ['a.png']],
  ['<img src="a.png" alt="The quay">', []],
  ['<img src="a.png" role="presentation" alt="">', []],
  ['<p>&lt;img src="a.png"&gt;</p>', []],
])('pictures without a text: %s', (html, urls) => expect(picturesWithoutAlt(html)).toEqual(urls));
