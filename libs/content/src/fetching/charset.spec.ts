import { decodeText } from './charset.js';

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );
const UTF16 = '\ufeff<?xml version="1.0" encoding="utf-16"?><a>“ü”</a>';
const swapped = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('decodeText', () => {
  it.each<[string, Buffer, string | undefined, string]>([
    ['ASCII, whatever is said', bytes('plain'), 'text/xml; charset=iso-8859-1', 'plain'],
    ['UTF-8', Buffer.from('<a>“ü”</a>'), undefined, '<a>“ü”</a>'],
    [
      'UTF-8 that HTTP calls Latin-1',
      Buffer.from('<a>“ü”</a>'),
      'text/xml; charset=ISO-8859-1',
      '<a>“ü”</a>',
    ],
    ['UTF-8 with a mark', Buffer.from('\ufeff<a>ü</a>'), undefined, '<a>ü</a>'],
    [
      'Latin-1 that says so',
      bytes('<?xml version="1.0" encoding="ISO-8859-1"?><a>', [0xfc], '</a>'),
      undefined,
      '<?xml version="1.0" encoding="ISO-8859-1"?><a>ü</a>',
    ],
    [
      'windows-1252 by HTTP',
      bytes('<a>', [0x93, 0x80, 0x94], '</a>'),
      'text/xml;charset="windows-1252"',
      '<a>“€”</a>',
    ],
    ['Latin-1 is windows-1252', bytes('<a>', [0x93], '</a>'), 'text/xml; charset=iso-8859-1', '<a>“</a>'],
    ['windows-1251 by HTTP', bytes([0xcf, 0xee, 0xf0, 0xf2]), 'text/xml; charset=windows-1251', 'Порт'],
    [
      'koi8-r by the document',
      bytes("<?xml version='1.0' encoding='koi8-r'?>", [0xf0, 0xcf, 0xd2, 0xd4]),
      'text/xml',
      "<?xml version='1.0' encoding='koi8-r'?>Порт",
    ],
    [
      'HTTP before the document',
      bytes('<?xml version="1.0" encoding="windows-1252"?>', [0xcf]),
      'text/xml; charset=windows-1251',
      '<?xml version="1.0" encoding="windows-1252"?>П',
    ],
    ['Shift_JIS', bytes('<meta charset=shift_jis>', [0x8d, 0x60]), 'text/html', '<meta charset=shift_jis>港'],
    ['a charset that is none', bytes([0xfc]), 'text/xml; charset=constructor', 'ü'],
    ['Mac OS Roman', bytes([0x9f]), 'text/xml; charset=MacRoman', 'ü'],
    ['Mac OS Cyrillic', bytes([0x8f]), 'text/xml; charset=mac-cyrillic', 'П'],
    ['EUC-KR', bytes([0xc7, 0xd7]), 'text/xml; charset=euc-kr', '항'],
    [
      'called UTF-8 by HTTP, but is not',
      bytes('<a>', [0xfc, 0x20], '</a>'),
      'text/xml; charset=utf-8',
      '<a>\ufffd </a>',
    ],
    [
      'called UTF-8 by the document, but is not',
      bytes('<?xml version="1.0" encoding="UTF-8"?>', [0xfc, 0x20]),
      undefined,
      '<?xml version="1.0" encoding="UTF-8"?>\ufffd ',
    ],
    [
      'UTF-8 with one broken byte',
      Buffer.concat([Buffer.from('<?xml version="1.0" encoding="utf-8"?>“Fähre”'), bytes([0xe2, 0x80], '!')]),
      'text/xml',
      '<?xml version="1.0" encoding="utf-8"?>“Fähre”\ufffd!',
    ],
    [
      'UTF-8 with one broken byte that nobody calls so',
      Buffer.concat([Buffer.from('<a>“Fähre”'), bytes([0xfc], '</a>')]),
      undefined,
      '<a>“Fähre”\ufffd</a>',
    ],
    [
      'UTF-8 with one broken byte that HTTP calls Latin-1',
      Buffer.concat([Buffer.from('<a>“Fähre”'), bytes([0xfc], '</a>')]),
      'text/xml; charset=iso-8859-1',
      '<a>“Fähre”\ufffd</a>',
    ],
    [
      'GBK with one broken byte',
      bytes('<?xml version="1.0" encoding="gb2312"?>', [0xb8, 0xdb, 0x81, 0x20]),
      undefined,
      '<?xml version="1.0" encoding="gb2312"?>港\ufffd ',
    ],
    ['Latin-1 that says nothing', bytes('<a>', [0xfc], '</a>'), undefined, '<a>ü</a>'],
    [
      'ISO-2022-JP',
      bytes([0x1b, 0x24, 0x42, 0x39, 0x41, 0x1b, 0x28, 0x42]),
      'text/xml; charset=iso-2022-jp',
      '港',
    ],
    ...['cp-1251', 'CP1251', 'win-1251', 'Windows1251', 'x-cp1251'].map(
      (label): [string, Buffer, string, string] => [label, bytes([0xcf]), `text/xml; charset=${label}`, 'П'],
    ),
    ['iso8859_7', bytes([0xe1]), 'text/xml; charset=iso8859_7', 'α'],
    ['UTF-32BE with a mark', bytes([0, 0, 0xfe, 0xff, 0, 1, 0xf6, 0]), undefined, '😀'],
    ['UTF-32LE without a mark', bytes([0x3c, 0, 0, 0, 0xfc, 0, 0, 0]), undefined, '<ü'],
    [
      'called UTF-8 by HTTP, Latin-2 by itself',
      bytes('<?xml version="1.0" encoding="iso-8859-2"?>', [0xb1, 0x20]),
      'text/xml; charset=utf-8',
      '<?xml version="1.0" encoding="iso-8859-2"?>ą ',
    ],
    ['an unknown charset', bytes('<a>', [0xfc], '</a>'), 'text/xml; charset=klingon', '<a>ü</a>'],
    ['UTF-16LE with a mark', Buffer.from(UTF16, 'utf16le'), 'text/xml; charset=utf-8', UTF16.slice(1)],
    ['UTF-16BE with a mark', swapped(UTF16), undefined, UTF16.slice(1)],
    ['UTF-16LE without a mark', Buffer.from(UTF16.slice(1), 'utf16le'), undefined, UTF16.slice(1)],
    ['UTF-16BE without a mark', swapped(UTF16.slice(1)), undefined, UTF16.slice(1)],
    [
      'called UTF-16, but is not',
      bytes('<?xml version="1.0" encoding="utf-16"?>', [0xfc]),
      undefined,
      '<?xml version="1.0" encoding="utf-16"?>ü',
    ],
    ['nothing', bytes(), undefined, ''],
  ])('%s', (_, body, contentType, text) => expect(decodeText(body, contentType)).toBe(text));
});
