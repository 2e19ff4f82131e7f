import type { FormatCallback } from 'html-to-text';

/** A cell of more is no figure or name but a story, and the table its layout. */
const CELL_CHARACTERS = 300;
/** Beyond, columns are not lined up: each of its rows would be filled up to the widest. */
const MAX_CELLS = 2_000;

type Node = Parameters<FormatCallback>[0];

const SECTIONS = ['thead', 'tbody', 'tfoot'];
const CELLS = ['td', 'th'];

/**
 * A table as text: its caption, then columns in line. What is no table of figures and names, but a layout, is told cell by
 * cell; so is one with anything between its rows, which would be left out.
 */
export const tableText: FormatCallback = (element, walk, builder, options) => {
  const children: Node[] = element.children;
  const isCaption = (node: Node) => node.type === 'tag' && node.name === 'caption';
  walk(children.filter(isCaption), builder);
  const rest = children.filter((node) => !isCaption(node));
  const format = builder.options.formatters?.[isRegular(rest) ? 'dataTable' : 'block'];
  format?.({ ...element, children: rest }, walk, builder, options);
};

function isRegular(nodes: readonly Node[]): boolean {
  const rows = tagsOf(nodes)?.flatMap((part) =>
    isOneOf(part, SECTIONS) ? (tagsOf(part.children) ?? [part]) : [part],
  );
  if (!rows?.every((row) => row.name === 'tr')) return false;
  const cells = rows.flatMap((row) => tagsOf(row.children) ?? [row]);
  if (cells.length > MAX_CELLS) return false;
  return cells.every((cell) => isOneOf(cell, CELLS) && lengthUpTo(cell, CELL_CHARACTERS) < CELL_CHARACTERS);
}

const isOneOf = ({ name = '' }: Node, names: readonly string[]) => names.includes(name);

/** The elements; undefined when words stand between them. */
function tagsOf(nodes: readonly Node[]): Node[] | undefined {
  const hasWords = nodes.some((node) => node.type === 'text' && /\S/.test(node.data ?? ''));
  return hasWords ? undefined : nodes.filter((node) => node.type === 'tag');
}

/** Characters of text in an element, counted up to a limit. */
function lengthUpTo(node: Node, limit: number): number {
  if (node.type === 'text') return node.data?.length ?? 0;
  let length = 0;
  for (const child of node.children ?? []) {
    if (length >= limit) break;
    length += lengthUpTo(child, limit - length);
  }
  return length;
}
