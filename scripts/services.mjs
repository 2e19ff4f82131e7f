import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { pathToFileURL } from 'node:url';
import { main, PlainError, run, say } from './project.mjs';

const OLDEST_POSTGRES = 15;
/** Long for a loaded machine; both are up within a second or two. */
const START_TIMEOUT_MS = 60_000;
const START_ATTEMPTS = 3; // another process may take the free port first

/** What the tests need of the machine: how to know it is there, and the Debian package that brings it. */
const NEEDS = [
  {
    what: 'PostgreSQL 15 or newer',
    isThere: () => Boolean(process.env.TEST_DATABASE_URL || postgresFolder()),
    debian: 'postgresql',
  },
  {
    what: 'Redis',
    isThere: () => Boolean(process.env.TEST_REDIS_URL || find('redis-server')),
    debian: 'redis-server',
  },
  { what: "Postfix's smtp-sink", isThere: () => Boolean(find('smtp-sink')), debian: 'postfix' },
  { what: 'Dovecot', isThere: () => Boolean(find('dovecot')), debian: 'dovecot-imapd' },
  { what: 'Chromium', isThere: () => Boolean(chromium()), debian: 'chromium' },
  { what: 'OpenSSL', isThere: () => Boolean(find('openssl')), debian: 'openssl' },
  {
    what: 'dkimpy for Python 3',
    isThere: () => Boolean(dkimPython()),
    debian: 'python3-dkim python3-nacl', // nacl: for Ed25519
  },
];

function folders() {
  const versions = '/usr/lib/postgresql';
  const postgres = existsSync(versions)
    ? readdirSync(versions).map((version) => join(versions, version, 'bin'))
    : [];
  return [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/local/bin',
    '/usr/sbin',
    '/usr/local/sbin',
    ...postgres.reverse(),
  ];
}

/** The path of a program, also where a login's PATH does not look. */
function find(name) {
  return folders()
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

function succeeds(command, args) {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The Python that has dkimpy: Debian's own, which need not be the first on PATH. */
function dkimPython() {
  return [process.env.DKIM_PYTHON, 'python3', '/usr/bin/python3'].find(
    (python) => python && succeeds(python, ['-c', 'import dkim, nacl.signing']),
  );
}

function postgresFolder() {
  return folders().find((folder) => {
    if (!['postgres', 'initdb'].every((name) => existsSync(join(folder, name)))) return false;
    const version = execFileSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' });
    return Number(/(\d+)/.exec(version)?.[1]) >= OLDEST_POSTGRES;
  });
}

function chromium() {
  const macOs = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  const found = process.env.CHROMIUM ?? find('chromium') ?? find('chromium-browser') ?? find('google-chrome');
  return found ?? (existsSync(macOs) ? macOs : undefined);
}

/** A machine that is nobody's own: what is installed there is thrown away with it. */
function isThrowaway() {
  return (
    Boolean(process.env.CI) ||
    Boolean(process.env.container) ||
    existsSync('/.dockerenv') ||
    existsSync('/run/.containerenv')
  );
}

/** Asks whoever sits at the terminal. Where nobody does (a pipeline, a script), the answer is yes. */
async function mayInstall(packages) {
  if (isThrowaway() || !process.stdin.isTTY || !process.stderr.isTTY) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`Install ${packages.join(' ')} with apt-get? [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Brings what is missing: by apt-get as root on Debian, when it may; otherwise says what to install. */
export async function bringPrograms() {
  const missing = NEEDS.filter((need) => !need.isThere());
  if (missing.length === 0) return;
  const names = missing.map((need) => need.what).join(', ');
  const packages = missing.flatMap((need) => need.debian.split(' '));
  const advice = `The tests need ${names}. On Debian: apt-get install ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version') || !find('apt-get'))
    throw new PlainError(advice);
  if (!(await mayInstall(packages))) throw new PlainError(advice);
  say(`Installing ${packages.join(' ')} (apt-get) …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }; // 1: start no system service
  const quiet = ['-qq', '-o', 'Dpkg::Use-Pty=0', '-o', 'DPkg::Lock::Timeout=300'];
  if (packages.includes('postfix')) {
    const answers = 'postfix postfix/main_mailer_type select No configuration\n';
    if (find('debconf-set-selections')) execFileSync('debconf-set-selections', { input: answers });
  }
  await run('apt-get', [...quiet, 'update'], { env });
  await run('apt-get', [...quiet, 'install', '-y', '--no-install-recommends', ...packages], { env });
  const still = missing.filter((need) => !need.isThere());
  if (still.length > 0) throw new PlainError(`${advice} (apt-get ran, but they are not there)`);
  say(`Installed ${packages.join(' ')}. To take them away again: apt-get remove ${packages.join(' ')}`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Whom PostgreSQL runs as: it refuses to be root. */
function unprivileged() {
  if (process.getuid?.() !== 0) return {};
  const id = (flag) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/**
 * Starts a server and resolves with the child once it has written the line that means it is ready. Where the kernel
 * can do it, the server ends even when this process is killed.
 */
function startServer(command, args, { readyWhen, endWith, options = {} }) {
  const setpriv = process.platform === 'linux' && find('setpriv');
  const all = setpriv ? [setpriv, '--pdeathsig', endWith, command, ...args] : [command, ...args];
  const child = spawn(all[0], all.slice(1), { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
    const read = (chunk) => {
      said = (said + chunk).slice(-4_000);
      if (!readyWhen.test(said)) return;
      clearTimeout(timer);
      resolve(child);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new PlainError(`${command} ended (${code ?? signal}) before it was ready:\n${said}`));
    });
  });
}

function end(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill(signal);
  });
}

async function onFreePort(start) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const port = await freePort();
      return { port, child: await start(port) };
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error;
    }
  }
}

/** A throw-away PostgreSQL cluster, safe from nothing and therefore quick. */
async function startPostgres(folder) {
  const bin = postgresFolder();
  const options = { ...unprivileged(), cwd: '/' };
  const data = join(folder, 'postgres');
  const locale = process.platform === 'linux' ? 'C.UTF-8' : 'C';
  execFileSync(
    join(bin, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'postgres',
      '--auth=trust',
      '--encoding=UTF8',
      `--locale=${locale}`,
      '--no-sync',
      '--no-instructions',
    ],
    { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    dynamic_shared_memory_type: 'mmap', // in its own folder, so that nothing of it can be left behind
    // Not UTC and not whole hours, so that code which leans on the server's time zone fails here and not at a user's.
    timezone: 'Asia/Kolkata',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { port, child } = await onFreePort((free) =>
    startServer(join(bin, 'postgres'), ['-D', data, '-p', String(free), ...flags], {
      readyWhen: /ready to accept connections/,
      endWith: 'QUIT', // immediate shutdown
      options,
    }),
  );
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop: () => end(child, 'SIGQUIT') };
}

async function startRedis(folder) {
  const { port, child } = await onFreePort((free) =>
    startServer(
      find('redis-server'),
      [
        '--port',
        String(free),
        '--bind',
        '127.0.0.1',
        '--save',
        '',
        '--databases',
        '10000',
        '--dir',
        folder,
        '--maxmemory-policy',
        'noeviction',
      ],
      { readyWhen: /Ready to accept connections/i, endWith: 'KILL' },
    ),
  );
  return { url: `redis://127.0.0.1:${port}`, stop: () => end(child, 'SIGKILL') };
}

/**
 * Brings PostgreSQL and Redis up for one run: those the environment names, or throw-away ones.
 * @returns the environment for the tests, and the way to be rid of what was started
 */
export async function startServices() {
  await bringPrograms();
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-services-'));
  const { uid, gid } = unprivileged();
  if (uid !== undefined) chownSync(folder, uid, gid);
  chmodSync(folder, 0o755);
  const started = [];
  const stop = async () => {
    await Promise.all(started.map((service) => service.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  const bring = async (start) => {
    const service = await start(folder);
    started.push(service);
    return service.url;
  };
  try {
    return {
      stop,
      env: {
        PATH: [...new Set(folders())].join(delimiter),
        CHROMIUM: chromium(),
        DKIM_PYTHON: dkimPython(),
        TEST_DATABASE_URL: process.env.TEST_DATABASE_URL || (await bring(startPostgres)),
        TEST_REDIS_URL: process.env.TEST_REDIS_URL || (await bring(startRedis)),
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** `node scripts/services.mjs`: keeps them up and prints their URLs, for running Jest by hand. */
if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    const { env, stop } = await startServices();
    for (const name of ['TEST_DATABASE_URL', 'TEST_REDIS_URL', 'CHROMIUM', 'DKIM_PYTHON'])
      console.log(`export ${name}=${env[name]}`);
    const keep = setInterval(() => undefined, 60_000);
    for (const signal of ['SIGINT', 'SIGTERM']) {
      process.once(signal, () => {
        clearInterval(keep);
        stop().finally(() => process.exit(0));
      });
    }
  });
}
