import { fieldMessages } from './field-messages.js';

const error = (field: string, code: string) => ({ field, code, message: 'x' });

test('one message a field, in the language of the page, the most fitting there is', () => {
  const errors = [
    error('email', 'required'),
    error('email', 'invalid'),
    error('terms', 'required'),
    error('topics.1', 'unknown'),
    error('topics.2', 'unknown'),
    error('cadence-d1', 'invalid_value'),
    error('pausedUntil-d1', 'past'),
    error('pausedUntil-d2', 'invalid_format'),
    error('shoes', 'invalid_value'),
  ];
  expect(fieldMessages('de', errors)).toEqual([
    { field: 'email', message: 'Geben Sie Ihre E-Mail-Adresse ein.' },
    { field: 'terms', message: 'Kreuzen Sie an, dass Sie den Bedingungen zustimmen.' },
    { field: 'topics', message: 'Eines dieser Themen gibt es nicht mehr. Wählen Sie neu.' },
    { field: 'cadence-d1', message: 'Wählen Sie, wie oft.' },
    { field: 'pausedUntil-d1', message: 'Dieser Tag ist vorbei. Wählen Sie einen kommenden.' },
    { field: 'pausedUntil-d2', message: 'Geben Sie einen Tag an.' },
    { field: 'shoes', message: 'Prüfen Sie diese Angabe.' },
  ]);
});
