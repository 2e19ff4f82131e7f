import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

/** The site's own red (#9b1c1c) with its lighter and darker neighbours. */
const accent: MantineColorsTuple = [
  '#fbf0ef',
  '#f4dcda',
  '#f2bcb6',
  '#ffa99d',
  '#ff9d8f',
  '#d9564a',
  '#b92f28',
  '#9b1c1c',
  '#841616',
  '#6b1010',
];

/** What one does every day is ink; red is for what is dangerous. */
const ink: MantineColorsTuple = [
  '#f2efe8',
  '#e4dfd3',
  '#d9d3c7',
  '#cfc9bd',
  '#ebe6dc',
  '#8f877a',
  '#4d483f',
  '#26231f',
  '#000000',
  '#000000',
];

/** Paper in daylight … */
const gray: MantineColorsTuple = [
  '#f6f3ec',
  '#efeae0',
  '#e4dfd3',
  '#d9d3c7',
  '#bfb7a9',
  '#8f877a',
  '#625c53',
  '#4d483f',
  '#33302a',
  '#1c1a17',
];

/** … and in the dark. The first three are text, from 4 on lines and surfaces; 7 is the sheet. */
const dark: MantineColorsTuple = [
  '#ebe6dc',
  '#cfc9bd',
  '#a9a297',
  '#857e73',
  '#4d4943',
  '#3b3834',
  '#201e1c',
  '#191817',
  '#131211',
  '#0f0e0d',
];

/** States: good, waiting for something, under way. Ink rather than neon, dark enough to be read from 6 on. */
const green: MantineColorsTuple = [
  '#eef4ec',
  '#dde9da',
  '#c3d8be',
  '#9fc498',
  '#86c391',
  '#5e9a66',
  '#43804c',
  '#2f6b3a',
  '#25572f',
  '#1b4323',
];
const orange: MantineColorsTuple = [
  '#faf1e0',
  '#f5e4c4',
  '#ecd09b',
  '#e5bf77',
  '#e0b060',
  '#c48a2c',
  '#a36d16',
  '#85560c',
  '#6b4408',
  '#523305',
];
const blue: MantineColorsTuple = [
  '#edf1f5',
  '#dbe3eb',
  '#bccbd9',
  '#9db5cb',
  '#8ba8c4',
  '#5d82a5',
  '#41678b',
  '#2f5274',
  '#25425e',
  '#1b3248',
];

const SERIF = "Newsreader, Georgia, 'Times New Roman', 'Noto Serif', serif";

/** Ink is dark on paper and light at night; what stands on it is the other way round. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colours = defaultVariantColorsResolver(input);
  const isInk = (input.color ?? 'ink') === 'ink';
  return isInk && input.variant === 'filled' ? { ...colours, color: 'var(--on-ink)' } : colours;
};

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--on-ink': '#fffefa',
    '--mantine-color-error': '#9b1c1c',
    '--accent': '#9b1c1c',
  },
  dark: {
    '--on-ink': '#191817',
    '--mantine-color-ink-filled': '#ebe6dc',
    '--mantine-color-ink-filled-hover': '#ffffff',
    '--mantine-color-ink-outline': '#ebe6dc',
    '--mantine-primary-color-contrast': '#191817',
    '--mantine-color-error': '#ffa99d',
    '--accent': '#ff9d8f',
  },
});

/** The look of the readers' pages (apps/web/public/site.css), for forms and tables. */
export const theme = createTheme({
  colors: { ink, accent, gray, dark, green, orange, blue },
  primaryColor: 'ink',
  primaryShade: 7,
  variantColorResolver,
  white: '#fffefa',
  black: '#1c1a17',
  fontFamily: "Helvetica, Arial, 'Noto Sans', sans-serif",
  fontFamilyMonospace: 'Menlo, Consolas, monospace',
  headings: { fontFamily: SERIF, fontWeight: '600' },
  defaultRadius: 3,
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Modal: { defaultProps: { centered: true, transitionProps: { duration: 0 } } },
    Badge: {
      defaultProps: { radius: 'sm', tt: 'none', fw: 600, miw: 'max-content', ff: 'text' },
    },
    Button: { styles: { root: { flexShrink: 0 } } },
  },
});
