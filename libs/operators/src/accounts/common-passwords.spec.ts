import { isCommonPassword } from './common-passwords.js';
import { newPassword } from './password.js';

it.each([
  'Password-1234',
  'password1234!',
  'qwerty 123456',
  'aaaaaaaaaaaa',
  'abababababab',
  'abcdefghijklmnop',
  'zyxwvutsrqponm',
  'Correct Horse Battery Staple',
])('%j is common', (text) => {
  expect(isCommonPassword(text)).toBe(true);
  expect(newPassword.safeParse(text).success).toBe(false);
});

it.each(['correct horse battery', 'another horse entirely', 'Kaimauer im Nebel', 'пароль для газеты'])(
  '%j is not',
  (text) => {
    expect(newPassword.safeParse(text).success).toBe(true);
  },
);

it('asks for twelve characters and no kind of them', () => {
  expect(newPassword.safeParse('harbour fog').success).toBe(false);
  expect(newPassword.safeParse('harbour fogs').success).toBe(true);
});
