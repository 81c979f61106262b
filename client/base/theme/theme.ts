/** The theme given to Mantine: every colour is one of our custom properties, so both schemes follow from one place. */
import {
  createTheme,
  localStorageColorSchemeManager,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

/** Where the choice of light, dark or system is kept; `color-scheme.js` reads the same key before the first paint. */
export const colorSchemeKey = 'tandem-color-scheme';

/** Keeps the choice on this device. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: colorSchemeKey });

const accent: MantineColorsTuple = [
  '#e3f4f7',
  '#c5e6ec',
  '#94d1dc',
  '#60bacb',
  '#3aa5b9',
  '#2290a5',
  '#158095',
  '#0b7285',
  '#095c6b',
  '#074a57',
];

const plain = { hoverColor: 'var(--ink)', border: '1px solid transparent' };

/** Colours of buttons by variant; `color` of a button chooses between the accent and `bad`. */
const resolveVariant: VariantColorsResolver = ({ variant, color }) => {
  const bad = color === 'bad';
  if (variant === 'filled') {
    const fill = bad ? '#c01f1f' : 'var(--accent-fill)';
    const hover = bad ? '#9e1919' : 'var(--accent-fill-hover)';
    return { background: fill, hover, color: '#ffffff', border: '1px solid transparent' };
  }
  const ink = bad ? 'var(--bad)' : 'var(--ink)';
  if (variant === 'default' || variant === 'outline') {
    return {
      background: 'var(--page)',
      hover: 'var(--raised-hover)',
      color: ink,
      border: '1px solid var(--control-border)',
    };
  }
  return { ...plain, background: 'transparent', hover: 'var(--raised-hover)', color: ink, hoverColor: ink };
};

/** Mantine's theme; sizes and radii stand in `mantine.css`. */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: 7,
  colors: { accent },
  cursorType: 'pointer',
  respectReducedMotion: true,
  variantColorResolver: resolveVariant,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    Badge: { defaultProps: { tt: 'none' } },
    Tooltip: { defaultProps: { openDelay: 300, transitionProps: { duration: 120 } } },
  },
});
