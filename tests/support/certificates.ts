import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from './binaries.js';
import { makeFolder } from './folders.js';

/** A key and its certificate, PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

/** Makes certificates for tests with OpenSSL: an authority of their own, and what it vouches for. */
export class TestAuthority {
  private constructor(
    private readonly folder: string,
    /** Its certificate, to be trusted. PEM. */
    readonly cert: string,
  ) {}

  static async create(): Promise<TestAuthority> {
    const { path } = await makeFolder();
    openssl(path, ['req', '-x509', ...newKey('ca'), '-subj', '/CN=Broadsheet tests', '-days', '2']);
    return new TestAuthority(path, readFileSync(join(path, 'ca.pem'), 'utf8'));
  }

  /**
   * @param names `DNS:mail.example`, `IP:127.0.0.1`
   * @param daysAgo when a certificate of one day began: 3 makes one that has expired
   */
  async issue(names: string, daysAgo = 0): Promise<Certificate> {
    const path = this.folder;
    openssl(path, ['req', ...newKey('leaf'), '-subj', '/CN=mail']);
    await writeFile(join(path, 'names.cnf'), `subjectAltName=${names}\n`);
    const from = Date.now() - daysAgo * DAY_MS;
    await writeFile(join(path, 'index.txt'), '');
    await writeFile(join(path, 'ca.cnf'), CA_CONFIG);
    openssl(path, [
      'ca',
      '-batch',
      '-notext',
      '-config',
      'ca.cnf',
      '-in',
      'leaf.pem',
      '-out',
      'issued.pem',
      '-startdate',
      asn1Time(from - HOUR_MS),
      '-enddate',
      asn1Time(from + DAY_MS),
      '-extfile',
      'names.cnf',
    ]);
    return pair(path, 'leaf.key', 'issued.pem');
  }

  /** One that no authority vouches for. */
  selfSigned(names: string): Certificate {
    const subject = ['-subj', '/CN=mail', '-addext', `subjectAltName=${names}`, '-days', '2'];
    openssl(this.folder, ['req', '-x509', ...newKey('own'), ...subject]);
    return pair(this.folder, 'own.key', 'own.pem');
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const CA_CONFIG = `
[ca]
default_ca = tests
[tests]
database = index.txt
new_certs_dir = .
certificate = ca.pem
private_key = ca.key
default_md = sha256
policy = any
unique_subject = no
rand_serial = yes
[any]
commonName = supplied
`;

function openssl(cwd: string, args: string[]): void {
  execFileSync(findProgram('openssl'), args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
}

function newKey(name: string): string[] {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  return [...curve, '-keyout', `${name}.key`, '-out', `${name}.pem`];
}

function pair(folder: string, key: string, cert: string): Certificate {
  return { key: readFileSync(join(folder, key), 'utf8'), cert: readFileSync(join(folder, cert), 'utf8') };
}

/** `20261122190000Z` */
function asn1Time(ms: number): string {
  return `${new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
}
