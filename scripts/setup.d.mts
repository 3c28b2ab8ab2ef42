/** The folder of the workspace. */
export const root: string;
/** The package manager with its version. */
export const PNPM: string;
/** Stops with one line when Node is too old. */
export function checkNode(): void;
/** Installs dependencies unless that is done. */
export function install(): void;
/** Compiles the packages unless that is done. */
export function build(): void;
