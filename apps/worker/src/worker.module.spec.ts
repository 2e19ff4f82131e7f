import 'reflect-metadata';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WorkerModule } from './worker.module.js';

type Provider = { name?: string; provide?: { name?: string } };

/** Names of the classes that a module and all that it imports provide. */
function providersOf(module: object, seen = new Set<object>()): string[] {
  if (seen.has(module)) return [];
  seen.add(module);
  const named = (Reflect.getMetadata('providers', module) ?? []) as Provider[];
  const imports = (Reflect.getMetadata('imports', module) ?? []) as object[];
  return [
    ...named.map((provider) => provider.name ?? provider.provide?.name ?? ''),
    ...imports.flatMap((other) => providersOf(other, seen)),
  ];
}

/** Classes of the libs that are marked so: what the tick runs, and what does a job. */
function markedWith(mark: RegExp): string[] {
  const folder = join(process.cwd(), 'libs');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\/src\/.*\.ts$/.test(path) && !path.endsWith('.spec.ts'))
    .flatMap((path) => [...readFileSync(join(folder, path), 'utf8').matchAll(mark)])
    .map(([, name]) => name ?? '');
}

it('has every task of the tick, whichever lib it is in', () => {
  const tasks = markedWith(/@OnTick\([^)]*\)\n(?:@\w+\([^)]*\)\n)*(?:export )?class (\w+)/g);
  expect(tasks).toContain('AlertTick');
  expect(tasks.length).toBeGreaterThan(8);
  expect(providersOf(WorkerModule)).toEqual(expect.arrayContaining(tasks));
});

it('has the processor of every job but the tick, which is the queue’s', () => {
  const processors = markedWith(/@Processor\([^\n]*\)\nexport class (\w+)/g);
  expect(processors).toHaveLength(8);
  const others = processors.filter((name) => name !== 'TickProcessor');
  expect(providersOf(WorkerModule)).toEqual(expect.arrayContaining(others));
});
