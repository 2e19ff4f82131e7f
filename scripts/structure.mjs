#!/usr/bin/env node
/**
 * Draws the house from its imports: of each lib and app its rooms (the folders of `src`), the most files that lie flat in a folder,
 * on how many floors its rooms stand, and how many arrows go from room to room. Fails on an arrow up, on a folder that
 * is too full, and where a README names other rooms than there are.
 *
 *   node scripts/structure.mjs            a line for each
 *   node scripts/structure.mjs --rooms    every room too, and what it uses
 *
 * The order of a lib's rooms is what its README says after "Rooms, from the top:"; an app's is found from its imports.
 * Files beside the rooms (`./`) are the cellar, which every room may use, unless the README names them higher; modules and
 * `main` are the roof, which nothing uses.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const MOST_FLAT = 15;
/** From the bottom: a lib uses only those before it, an app all of them. */
const LIBS = [
  'kernel',
  'database',
  'queue',
  'rendering',
  'audience',
  'content',
  'digest',
  'delivery',
  'feedback',
  'operators',
  'contract',
];
const [ROOF, CELLAR] = ['(roof)', '(cellar)'];
const HOME = join(dirname(fileURLToPath(import.meta.url)), '..');

const files = new Map();
for (const kind of ['libs', 'apps']) {
  for (const name of readdirSync(join(HOME, kind))) {
    for (const entry of readdirSync(join(HOME, kind, name, 'src'), {
      recursive: true,
      withFileTypes: true,
    })) {
      const path = relative(HOME, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/');
      if (/(?<!\.spec|fixtures?)\.tsx?$/.test(path)) files.set(path, readFileSync(join(HOME, path), 'utf8'));
    }
  }
}

const unitOf = (path) => path.split('/').slice(0, 2).join('/');
const within = (path) => path.split('/').slice(3).join('/');

function roomOf(path) {
  const inside = within(path);
  if (inside.includes('/')) return inside.split('/')[0];
  return /(\.module|^main)\.tsx?$/.test(inside) ? ROOF : CELLAR;
}

/** @returns the path of the file that is meant; undefined: it is none of ours */
function target(from, specifier) {
  const path = specifier.startsWith('#')
    ? specifier.replace(/^#([^/]+)\//, 'libs/$1/src/')
    : posix.join(posix.dirname(from), specifier);
  const stem = path.replace(/\.js$/, '');
  return [path, `${stem}.ts`, `${stem}.tsx`].find((one) => files.has(one));
}

const wrong = [];
const units = new Map();
for (const [path, source] of files) {
  const name = unitOf(path);
  const unit = units.get(name) ?? { rooms: new Map(), folders: new Map(), arrows: new Map() };
  units.set(name, unit);
  const room = roomOf(path);
  unit.rooms.set(room, (unit.rooms.get(room) ?? 0) + 1);
  unit.folders.set(posix.dirname(path), (unit.folders.get(posix.dirname(path)) ?? 0) + 1);
  for (const [, specifier] of source.matchAll(/(?:from|import)\s*\(?\s*'([#.][^'\n]+)'/g)) {
    const used = target(path, specifier);
    if (!used) continue;
    const other = unitOf(used);
    if (other !== name) {
      if (!mayUse(name, other)) wrong.push(`${path} uses ${used}: ${other} is above ${name}`);
    } else if (roomOf(used) !== room) {
      const arrow = `${room} → ${roomOf(used)}`;
      unit.arrows.set(arrow, [...(unit.arrows.get(arrow) ?? []), `${within(path)} uses ${within(used)}`]);
    }
  }
}

function mayUse(name, other) {
  if (!other.startsWith('libs/')) return name === 'apps/standalone'; // it is web and worker in one
  return name.startsWith('apps/') || LIBS.indexOf(other.slice(5)) < LIBS.indexOf(name.slice(5));
}

/** The rooms as the lib's README gives them, highest first; undefined: it is an app. */
function declared(name, { rooms }) {
  if (!name.startsWith('libs/')) return undefined;
  const readme = readFileSync(join(HOME, name, 'README.md'), 'utf8');
  const paragraph = /Rooms, from the top:((?:.+\n)+)/.exec(readme)?.[1] ?? '';
  const named = [...paragraph.matchAll(/`([a-z-]+|\.)\/`/g)].map(([, room]) =>
    room === '.' ? CELLAR : room,
  );
  const there = [...rooms.keys()].filter((room) => room !== ROOF && room !== CELLAR);
  const differ = [
    ...there.filter((r) => !named.includes(r)),
    ...named.filter((r) => r !== CELLAR && !there.includes(r)),
  ];
  if (differ.length > 0)
    wrong.push(`${name}/README.md: its rooms are ${there.join(', ')}; see ${differ.join(', ')}`);
  return [ROOF, ...named, ...(named.includes(CELLAR) ? [] : [CELLAR])];
}

/** How many floors are below a room, by the longest way down. @throws the circle, when there is one */
function floorsOf({ rooms, arrows }) {
  const below = (room) =>
    [...arrows.keys()]
      .filter((arrow) => arrow.startsWith(`${room} → `))
      .map((arrow) => arrow.split(' → ')[1]);
  const known = new Map();
  const floor = (room, way) => {
    if (way.includes(room)) throw new Error([...way.slice(way.indexOf(room)), room].join(' → '));
    if (!known.has(room)) {
      known.set(room, 1 + Math.max(0, ...below(room).map((other) => floor(other, [...way, room]))));
    }
    return known.get(room);
  };
  for (const room of rooms.keys()) floor(room, []);
  return known;
}

const table = [];
for (const [name, unit] of units) {
  const order = declared(name, unit);
  for (const [arrow, uses] of unit.arrows) {
    const [from, to] = arrow.split(' → ');
    if (order && order.indexOf(from) > order.indexOf(to))
      wrong.push(...uses.map((use) => `${name}: ${use}, which is above it`));
  }
  let floors = new Map();
  try {
    floors = floorsOf(unit);
  } catch (error) {
    wrong.push(`${name}: a circle of rooms, ${error.message}`);
  }
  for (const [folder, count] of unit.folders) {
    if (count > MOST_FLAT) wrong.push(`${folder}: ${count} files lie flat in it, ${MOST_FLAT} are the most`);
  }
  table.push({
    '': name,
    files: [...unit.rooms.values()].reduce((sum, count) => sum + count, 0),
    rooms: [...unit.rooms.keys()].filter((room) => room !== ROOF && room !== CELLAR).length,
    'most in a folder': Math.max(...unit.folders.values()),
    floors: Math.max(0, ...floors.values()),
    arrows: unit.arrows.size,
  });
  if (process.argv.includes('--rooms')) {
    console.log(`\n${name}`);
    const sorted = [...unit.rooms].sort(([a], [b]) => (floors.get(b) ?? 0) - (floors.get(a) ?? 0));
    for (const [room, count] of sorted) {
      const uses = [...unit.arrows.keys()]
        .filter((arrow) => arrow.startsWith(`${room} → `))
        .map((arrow) => arrow.split(' → ')[1]);
      console.log(
        `  floor ${floors.get(room) ?? '?'}  ${room} (${count})${uses.length > 0 ? ` uses ${uses.join(', ')}` : ''}`,
      );
    }
  }
}
console.table(Object.fromEntries(table.map(({ '': name, ...row }) => [name, row])));
for (const line of wrong) console.error(line);
if (wrong.length > 0) {
  console.error(`${wrong.length} things are not where they belong.`);
  process.exitCode = 1;
}
