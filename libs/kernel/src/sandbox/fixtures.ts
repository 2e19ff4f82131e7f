import { readFileSync } from 'node:fs';
import { DomainError, invalidField } from '../errors/errors.js';
import { serveTasks } from './serve-tasks.js';

/** Tasks that misbehave, for the sandbox's tests. */
const tasks = {
  echo: (input: unknown) => input,
  pid: (_: null) => process.pid,
  environment: (_: null) => Object.keys(process.env),
  refuse: (field: string) => {
    throw invalidField(field, 'bad', 'Mend it.');
  },
  limited: (_: null) => {
    throw new DomainError('rate_limited', 'Later.', { retryAfter: 7, extra: { left: 0 } });
  },
  fail: (_: null) => {
    throw new TypeError('no such thing');
  },
  loop: (_: null) => {
    for (;;);
  },
  backtrack: (_: null) => /^(a+)+$/.test(`${'a'.repeat(60)}b`),
  never: (_: null) => new Promise(() => undefined),
  objects: (_: null) => {
    const all: unknown[] = [];
    for (;;) all.push({ at: String(Math.random()) });
  },
  hugeArray: (_: null) => new Array(2 ** 27).fill(1.5).length,
  growingArray: (_: null) => {
    const all: number[] = [];
    for (let at = 0; at < 150e6; at++) all[at] = at;
    return all.length;
  },
  map: (_: null) => {
    const all = new Map<number, number>();
    for (let at = 0; ; at++) all.set(at, at);
  },
  buffers: (_: null) => {
    const all: Buffer[] = [];
    for (;;) all.push(Buffer.alloc(20e6, 1));
  },
  leave: (_: null) => process.exit(3),
  long: (length: number) => 'x'.repeat(length),
  shared: (times: number) => {
    const text = 'x'.repeat(100_000);
    return Array.from({ length: times }, () => text);
  },
  slowToSend: (_: null) => ({
    get value() {
      for (;;);
    },
  }),
  notToSend: (_: null) => () => 1,
  setClock: (byMs: number) => {
    const { now } = Date;
    Date.now = () => now() + byMs;
  },
  coreLimit: (_: null) =>
    /^Max core file size +(\S+) +(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.slice(1, 3),
};
export type MisbehavingTasks = typeof tasks;

serveTasks(tasks);
