/**
 * What is tried first of passwords with twelve characters and more: keyboards, counting, words said twice. Shorter ones are refused anyway.
 * Written as they are compared: in lower case, letters and digits only.
 */
const COMMON = new Set(
  `
  1234567890ab 123456789012 1234567890123 12345678901234 123456789abc 1q2w3e4r5t6y 1qaz2wsx3edc 1qazxsw23edc 0987654321ab
  abcdefghijkl abcdefghijklm abcd12345678 abc123abc123 abc123456789 a1b2c3d4e5f6 aa123456789a adminadmin12 adminadminadmin
  administrator administrator1 administrator123 admin1234567 admin12345678 admin123456789 asdfasdfasdf asdfghjkl123 asdfghjklqwe
  baseball1234 broadsheet12 broadsheet123 broadsheet1234 changeme1234 changemechangeme changemenow123 changethispassword
  correcthorsebatterystaple dragondragon dragon123456 editoreditor football1234 footballfootball helloworld12 helloworld123
  hello1234567 iloveyou1234 iloveyou12345 iloveyouiloveyou iloveyousomuch justpassword letmein12345 letmeinletmein letmeinnow123
  liverpool123 login1234567 master123456 michael12345 monkey123456 monkeymonkey mynameispassword newpassword1 newpassword12
  newpassword123 newsletter12 newsletter123 newsletter1234 p4ssw0rd1234 passw0rd1234 passw0rd12345 passw0rdpassw0rd password1234
  password12345 password123456 password1234567 password12345678 password123456789 password2024 password2025 password2026 password2027
  passwordpassword passwort1234 passwort12345 passwortpasswort princess1234 q1w2e3r4t5y6 qazwsxedcrfv qwertyqwerty qwerty123456
  qwerty1234567 qwerty12345678 qwertyuiop12 qwertyuiop123 qwertyuiopas qwertyuiopasdfghjkl qwertz123456 qwertzuiop12 samsung12345
  secret123456 secretpassword secretsecret starwars1234 sunshine1234 superman1234 supersecret1 test12345678 testtesttest
  thisisapassword thisismypassword trustno12345 unknown12345 welcome12345 welcome123456 welcomewelcome whatever1234 zaq12wsxcde3
  `
    .trim()
    .split(/\s+/),
);

/** Shorter than this, what repeats in a password is no secret. */
const FEW_CHARACTERS = 3;

/** Whether a password is one of the first that are tried, however it is spelt with marks and capitals, or is made of next to nothing. */
export function isCommonPassword(password: string): boolean {
  const plain = password
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return COMMON.has(plain) || new Set(password).size <= FEW_CHARACTERS || isRow(password);
}

/** Each character the next one of the one before, or the one before it: `abcdefghijkl`, `987654321098`. */
function isRow(password: string): boolean {
  const steps = Array.from(
    { length: password.length - 1 },
    (_, at) => password.charCodeAt(at + 1) - password.charCodeAt(at),
  );
  const kind = steps[0];
  return (kind === 1 || kind === -1) && steps.every((step) => step === kind);
}
