// Puts the sign-up form of a publication into any page:
//   <div data-broadsheet><a href="https://news.example.org/subscribe">Subscribe</a></div>
//   <script src="https://news.example.org/embed.js" defer></script>
// Without this script the link inside stays. data-lang chooses the language; the page's own is the default.
(() => {
  'use strict';
  const settings = __BROADSHEET__;

  /** Makes an element; every text goes in as text, never as markup. */
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  const textsFor = (place) => {
    const wishes = [place.dataset.lang, document.documentElement.lang, ...(navigator.languages ?? [])];
    for (const wish of wishes) {
      const known = settings.texts[(wish ?? '').toLowerCase().split('-')[0]];
      if (known) return known;
    }
    return settings.texts[settings.locale];
  };

  const formFor = (texts, number) => {
    const id = (name) => `broadsheet-${number}-${name}`;
    const email = make('input', {
      id: id('email'),
      name: 'email',
      type: 'email',
      autocomplete: 'email',
      required: '',
      maxlength: '254',
    });
    const terms = make('input', { id: id('terms'), name: 'terms', type: 'checkbox', required: '' });
    const measurement = make('input', { id: id('measurement'), type: 'checkbox' });
    // People never get here; a bot that fills it in is told that all went well.
    const trap = make('input', {
      name: 'website',
      type: 'text',
      tabindex: '-1',
      autocomplete: 'off',
      'aria-hidden': 'true',
    });
    trap.style.cssText = 'position:absolute;left:-999rem;width:1px;height:1px';
    const link = make('a', { href: texts.termsUrl, target: '_blank', rel: 'noopener' }, texts.link);
    const agreement = make('label', { for: id('terms') }, texts.before, link, texts.after);
    const status = make('p', { role: 'status' });
    const form = make(
      'form',
      {
        class: 'broadsheet',
        lang: texts.locale,
        dir: texts.dir,
        action: `${settings.url}/subscribe`,
        method: 'post',
      },
      make('p', { class: 'broadsheet-invitation' }, make('strong', {}, texts.invitation)),
      make('p', {}, make('label', { for: id('email') }, texts.email), make('br'), email),
      make('p', {}, terms, ' ', agreement),
      ...(texts.measurement ? measurementBox(id('measurement'), measurement, texts) : []),
      trap,
      make('p', {}, make('button', { type: 'submit' }, texts.button)),
      status,
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      send(form, { email, terms, measurement, trap, status }, texts);
    });
    return form;
  };

  /** A box of its own, never ticked before the reader does it. */
  const measurementBox = (id, box, texts) => [
    make('p', {}, box, ' ', make('label', { for: id }, texts.measurement)),
    make('p', { class: 'broadsheet-hint' }, make('small', {}, texts.measurementHint)),
  ];

  const send = async (form, { email, terms, measurement, trap, status }, texts) => {
    const button = form.querySelector('button');
    button.disabled = true;
    status.textContent = '';
    try {
      const response = await fetch(`${settings.url}/subscribe`, {
        method: 'POST',
        credentials: 'omit',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          form: 'embed',
          email: email.value,
          terms: terms.checked ? 'accepted' : '',
          purposes: ['newsletter', ...(measurement.checked ? ['measurement'] : [])],
          website: trap.value,
          locale: texts.locale,
          sentence: texts.sentence,
          termsVersion: String(texts.termsVersion),
          timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
          pageUrl: location.href.split('#')[0],
        }),
      });
      if (response.ok) {
        form.replaceChildren(make('p', { role: 'status', tabindex: '-1' }, texts.done));
        form.firstChild.focus();
        return;
      }
      const problem = await response.json();
      const errors = problem.errors ?? [];
      for (const [field, input] of Object.entries({ email, terms })) {
        input.setAttribute('aria-invalid', String(errors.some((error) => error.field === field)));
      }
      const words = errors.map(({ field, code }) => texts.errors[`${field}.${code}`] ?? texts.errors[field]);
      status.textContent =
        [...new Set(words.filter(Boolean))].join(' ') ||
        (response.status === 429 ? texts.errors.later : texts.errors.other);
    } catch {
      status.textContent = texts.errors.other;
    }
    button.disabled = false;
  };

  const start = () => {
    document.querySelectorAll('[data-broadsheet]:not([data-broadsheet-ready])').forEach((place, number) => {
      place.setAttribute('data-broadsheet-ready', '');
      place.replaceChildren(formFor(textsFor(place), number));
    });
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
})();
