/**
 * Widths of characters in DejaVu Sans, the font of drawings, in units of the em's 2048th part.
 *
 * Source: table hmtx of DejaVuSans.ttf 2.37; a test reads it again.
 */

/** Units of an em. */
const EM = 2048;

/** U+0020 to U+007E. */
const LATIN: readonly number[] = [
  651, 821, 942, 1716, 1303, 1946, 1597, 563, 799, 799, 1024, 1716, 651, 739, 651, 690, 1303, 1303,
  1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 690, 690, 1716, 1716, 1716, 1087, 2048, 1401,
  1405, 1430, 1577, 1294, 1178, 1587, 1540, 604, 604, 1343, 1141, 1767, 1532, 1612, 1235, 1612,
  1423, 1300, 1251, 1499, 1401, 2025, 1403, 1251, 1403, 799, 690, 799, 1716, 1024, 1024, 1255, 1300,
  1126, 1300, 1260, 721, 1300, 1298, 569, 569, 1186, 569, 1995, 1298, 1253, 1300, 1300, 842, 1067,
  803, 1298, 1212, 1675, 1212, 1212, 1075, 1303, 690, 1303, 1716,
];

/** U+0391 to U+03C9; 0 where there is no letter. */
const GREEK: readonly number[] = [
  1401, 1405, 1141, 1401, 1294, 1403, 1540, 1612, 604, 1343, 1401, 1767, 1532, 1294, 1612, 1540,
  1235, 0, 1294, 1251, 1251, 1612, 1403, 1612, 1565, 604, 1251, 1350, 1107, 1298, 693, 1185, 1350,
  1307, 1212, 1253, 1107, 1114, 1298, 1253, 693, 1207, 1212, 1303, 1144, 1142, 1253, 1233, 1300,
  1202, 1298, 1233, 1185, 1351, 1183, 1351, 1715,
];

const GREEK_START = 0x391;

const SYMBOLS: ReadonlyMap<string, number> = new Map([
  ["·", 651],
  ["×", 1716],
  ["÷", 1716],
  ["−", 1716],
  ["±", 1716],
  ["√", 1305],
  ["∛", 1305],
  ["∂", 1059],
  ["∇", 1370],
  ["∑", 1380],
  ["∏", 1550],
  ["∫", 1067],
  ["∞", 1706],
  ["≈", 1716],
  ["≠", 1716],
  ["≤", 1716],
  ["≥", 1716],
  ["⊙", 1716],
  ["→", 1716],
  ["←", 1716],
  ["↦", 1716],
  ["…", 2048],
  ["²", 821],
  ["³", 821],
  ["¹", 821],
  ["⁰", 821],
  ["⁴", 821],
  ["⁵", 821],
  ["⁶", 821],
  ["⁷", 821],
  ["⁸", 821],
  ["⁹", 821],
  ["⁻", 1081],
  ["ᵀ", 788],
  ["⌊", 799],
  ["⌋", 799],
  ["⌈", 799],
  ["⌉", 799],
  ["¬", 1716],
  ["∧", 1499],
  ["∨", 1499],
  ["⊻", 1499],
  ["′", 465],
  ["″", 765],
  ["½", 1985],
  ["¼", 1985],
  ["¾", 1985],
]);

/** Any other character is drawn by a font that nobody knows: an em, and more where it may be wide. */
const UNKNOWN: number = Math.round(1.1 * EM);

/** The width of one character in units of the em; `undefined` where the font is not known. */
function known(character: string): number | undefined {
  const code = character.codePointAt(0) as number;
  const width = LATIN[code - 0x20] ?? GREEK[code - GREEK_START] ?? SYMBOLS.get(character);
  return width === 0 ? undefined : width;
}

/** Width of a line of text at this font size. */
export function textWidth(text: string, size: number): number {
  let units = 0;
  for (const character of text) units += known(character) ?? UNKNOWN;
  return (units * size) / EM;
}

/** Whether all its characters are in the table, so that its width is not an estimate. */
export function isMeasured(text: string): boolean {
  for (const character of text) if (known(character) === undefined) return false;
  return true;
}
