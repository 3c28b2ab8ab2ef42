import { ArgumentError, describe } from "@chainrule/core";

/**
 * Throws ArgumentError unless the options are an object that holds no other name than the known ones.
 *
 * A name that another library has, such as `lr`, would otherwise be passed over without a word.
 */
export function checkOptions<O extends object>(
  where: string,
  options: O,
  known: { readonly [K in keyof Required<O>]: true },
): void {
  const names = Object.keys(known);
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new ArgumentError(
      `${where}: options must be an object of ${names.join(", ")}, got ${describe(options)}`,
    );
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || Object.hasOwn(known, name)) continue;
    throw new ArgumentError(
      `${where}: an option must be one of ${names.join(", ")}, got ${describe(name)}`,
    );
  }
}
