/** Finds physical directions in styles: the client is laid out by inline and block, so that it can mirror (HO11). */
import { withoutComments } from '#tests/architecture/imports.ts';
import type { ProjectFile } from '#tests/support/project-files.ts';

const cssProperty = /(?:^|[{;\s])((?:[a-z]+-)*(?:left|right)(?:-[a-z]+)*)\s*:/gm;
const cssValue = /\b(?:text-align|float|clear|caption-side)\s*:\s*(left|right)\b/g;
const styleKey =
  /\b((?:margin|padding|border|inset)(?:Left|Right)[A-Za-z]*|borderTop(?:Left|Right)Radius|borderBottom(?:Left|Right)Radius)\b/g;
const plainStyleKey = /[{,]\s*(left|right)\s*:\s*['"`\d-]/g;
const mantineProp = /\s(ml|mr|pl|pr|left|right|ta)=(?:\{\s*)?["'{\d-](?:left|right)?/g;

/** Every use of left or right in styles, as `path: margin-left`; [] when all is logical. */
export function physicalDirections(files: readonly ProjectFile[]): string[] {
  return files
    .filter((file) => file.path.startsWith('client/'))
    .flatMap((file) => directionsOf(file).map((found) => `${file.path}: ${found}`));
}

function directionsOf(file: ProjectFile): string[] {
  if (file.path.endsWith('.css')) {
    const css = file.text.replace(/\/\*[\s\S]*?\*\//g, '');
    return [...matches(css, cssProperty), ...matches(css, cssValue)];
  }
  if (!/\.tsx?$/.test(file.path) || file.path.includes('.test.')) return [];
  const source = withoutComments(file.text);
  const props = Array.from(source.matchAll(mantineProp))
    .filter((match) => match[1] !== 'ta' || /left|right/.test(match[0]))
    .map((match) => match[1] ?? '');
  return [...matches(source, styleKey), ...matches(source, plainStyleKey), ...props];
}

function matches(text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), (match) => match[1] ?? '');
}
