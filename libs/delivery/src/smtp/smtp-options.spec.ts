import { parseSmtpUrl } from './smtp-options.js';

describe('parseSmtpUrl', () => {
  it.each<[string, object]>([
    [
      'smtp://mail.example.org',
      {
        host: 'mail.example.org',
        port: 587,
        secure: false,
        startTls: 'required',
        verifyCertificate: true,
        auth: null,
        clientName: null,
      },
    ],
    ['smtps://mail.example.org', { port: 465, secure: true, verifyCertificate: true }],
    ['smtp://mail.example.org:2525', { port: 2525 }],
    ['smtp://127.0.0.1:25', { startTls: 'opportunistic', verifyCertificate: false }],
    ['smtp://localhost', { startTls: 'opportunistic', verifyCertificate: false }],
    ['smtp://[::1]:25', { host: '::1', startTls: 'opportunistic' }],
    ['smtp://127.evil.example', { startTls: 'required', verifyCertificate: true }],
    ['smtp://localhost?starttls=required', { startTls: 'required', verifyCertificate: true }],
    ['smtp://mail.example.org?starttls=off', { startTls: 'off' }],
    [
      'smtp://mail.example.org?starttls=opportunistic',
      { startTls: 'opportunistic', verifyCertificate: true },
    ],
    ['smtp://mail.example.org?tls=unverified', { startTls: 'required', verifyCertificate: false }],
    ['smtp://mail.example.org?name=out.example.org', { clientName: 'out.example.org' }],
    [
      'smtp://me%40example.org:p%3Aa%25s@mail.example.org',
      { auth: { method: 'password', user: 'me@example.org', password: 'p:a%s' } },
    ],
  ])('%s', (url, options) => {
    expect(parseSmtpUrl(url)).toMatchObject(options);
  });

  it.each([
    ['smtp://mail.example.org?starttls=no', 'starttls must be'],
    ['smtp://me:100%@mail.example.org', 'begins no escape'],
  ])('refuses %s, naming SMTP_URL and not the password', (url, problem) => {
    expect(() => parseSmtpUrl(url)).toThrow(/^SMTP_URL: /);
    expect(() => parseSmtpUrl(url)).toThrow(problem);
    expect(() => parseSmtpUrl(url)).not.toThrow('100%');
  });
});
