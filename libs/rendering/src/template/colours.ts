/** The paper, the ink and the lines of every mail, in daylight and in the dark. */
export const PALETTE = {
  light: { desk: '#edeae2', sheet: '#fffefa', ink: '#1c1a17', muted: '#625c53', line: '#d9d3c7' },
  dark: { desk: '#0f0e0d', sheet: '#191817', ink: '#ebe6dc', muted: '#a9a297', line: '#3b3834' },
} as const;

/** WCAG 2.2 §1.4.3: ordinary text needs this contrast. */
const READABLE = 4.5;
const FALLBACK_ACCENT = '#8c1c13';

type Rgb = [number, number, number];

function parse(hex: string): Rgb {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as Rgb;
}

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r, g, b] = parse(hex).map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio of two `#rrggbb` colours, 1 to 21 (WCAG 2.2). */
export function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function mix(hex: string, towards: string, share: number): string {
  const [from, to] = [parse(hex), parse(towards)];
  const mixed = from.map((channel, i) => Math.round(channel + ((to[i] ?? 0) - channel) * share));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** Moves a colour towards black or white, no further than needed to be readable on a background. */
export function readableOn(colour: string, background: string): string {
  const towards = luminance(background) > 0.18 ? '#000000' : '#ffffff';
  for (let share = 0; share < 1; share += 0.05) {
    const candidate = mix(colour, towards, share);
    if (contrast(candidate, background) >= READABLE) return candidate;
  }
  return towards;
}

/** Every colour a template uses. */
export function coloursOf(accentColor: string) {
  const accent = /^#[0-9a-f]{6}$/i.test(accentColor) ? accentColor.toLowerCase() : FALLBACK_ACCENT;
  return {
    ...PALETTE.light,
    accent: readableOn(accent, PALETTE.light.sheet),
    dark: { ...PALETTE.dark, accent: readableOn(accent, PALETTE.dark.sheet) },
    button: accent,
    onButton: contrast('#ffffff', accent) >= READABLE ? '#ffffff' : readableOn('#1c1a17', accent),
  };
}
