import type { DomainError } from '#kernel/errors.js';
import { checkTemplate } from './digest-template.js';

it('takes a template with a place for articles', () => {
  expect(() => checkTemplate('digest')).not.toThrow();
});

it.each(['welcome', 'layout', 'nowhere', '../locales/en', ''])(
  'refuses %j and says what there is',
  (name) => {
    let thrown: unknown;
    try {
      checkTemplate(name);
    } catch (error) {
      thrown = error;
    }
    const [problem] = (thrown as DomainError).errors ?? [];
    expect(problem).toMatchObject({ field: 'template', code: 'unknown_template' });
    expect(problem?.message).toMatch(/There is: .*\bdigest\b/);
  },
);
