import { invalidField, type DomainError } from '#kernel/errors/errors.js';
import { publicationView } from '#rendering/fixtures.js';
import type { Renderer } from '#rendering/sandbox/renderer.js';
import type { TemplateTrial } from '#rendering/proof/template-trial.js';
import { checkTemplate, checkTemplates } from './digest-template.js';

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

describe('the time of a trial', () => {
  /** Each takes so many of the milliseconds it is given. */
  const taking = (tookMs: number) => {
    const tryTemplate = (trial: TemplateTrial, limitMs: number) => {
      if (tookMs <= limitMs) return Promise.resolve(tookMs);
      return Promise.reject(invalidField(trial.field, 'too_slow', `${limitMs / 1_000} seconds`));
    };
    return { tryTemplate } as Renderer;
  };
  const given = { template: '<mjml>', templates: { en: '<mjml>', de: '<mjml>' } };

  it('is shared by all templates, and who is last is told so', async () => {
    await expect(checkTemplates(taking(4_000), given, publicationView())).resolves.toBeUndefined();
    await expect(checkTemplates(taking(5_500), given, publicationView())).rejects.toMatchObject({
      errors: [
        {
          field: 'templates.de',
          code: 'too_slow',
          message: 'All templates together take more than 12 seconds. Make them simpler.',
        },
      ],
    });
  });

  it('is one template’s alone when there is no other before it', async () => {
    await expect(checkTemplates(taking(13_000), given, publicationView())).rejects.toMatchObject({
      errors: [{ field: 'template', message: '12 seconds' }],
    });
  });
});
