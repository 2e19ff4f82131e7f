import { crc32, deflateRawSync } from 'node:zlib';

/** A report as a receiver writes it by RFC 7489, with the pieces that a test wants otherwise. */
export function dmarcXml(
  given: {
    head?: string;
    metadata?: string;
    policy?: string;
    records?: string;
    root?: string;
  } = {},
): string {
  const {
    head = '<?xml version="1.0" encoding="UTF-8" ?>',
    metadata = `<org_name>mail.example</org_name><email>dmarc@mail.example</email><report_id>r-1</report_id>
      <date_range><begin>1764028800</begin><end>1764115199</end></date_range>`,
    policy = '<domain>Example.org</domain><adkim>r</adkim><aspf>s</aspf><p>none</p><sp>reject</sp><pct>50</pct>',
    records = dmarcRecord(),
    root = 'feedback',
  } = given;
  return `${head}\n<${root}>
    <report_metadata>${metadata}</report_metadata>
    <policy_published>${policy}</policy_published>
    ${records}
  </${root.split(' ')[0] ?? root}>`;
}

/** One record of it. */
export function dmarcRecord(
  given: { ip?: string; count?: string; dkim?: string; spf?: string } = {},
): string {
  const { ip = '192.0.2.7', count = '3', dkim = 'pass', spf = 'fail' } = given;
  return `<record>
    <row><source_ip>${ip}</source_ip><count>${count}</count>
      <policy_evaluated><disposition>none</disposition><dkim>${dkim}</dkim><spf>${spf}</spf></policy_evaluated>
    </row>
    <identifiers><header_from>example.org</header_from></identifiers>
    <auth_results>
      <dkim><domain>example.org</domain><selector>news</selector><result>pass</result></dkim>
      <spf><domain>relay.example</domain><result>fail</result></spf>
    </auth_results>
  </record>`;
}

/** An archive as zip writes it. */
export function zipOf(
  files: readonly { name: string; text: string; size?: number; checksum?: number; flags?: number }[],
  isStored = false,
): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, text, size, checksum, flags = 0 } of files) {
    const content = Buffer.from(text);
    const data = isStored ? content : deflateRawSync(content);
    // From the flags on both headers say the same.
    const common = Buffer.alloc(24);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(isStored ? 0 : 8, 4);
    common.writeUInt32LE(checksum ?? crc32(content), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(size ?? content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([uint32(0x04034b50), common, Buffer.alloc(2), Buffer.from(name), data]);
    const made = Buffer.alloc(2);
    directory.push(
      Buffer.concat([uint32(0x02014b50), made, common, Buffer.alloc(12), uint32(at), Buffer.from(name)]),
    );
    locals.push(local);
    at += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...locals, listed, uint32(0x06054b50), end]);
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}
