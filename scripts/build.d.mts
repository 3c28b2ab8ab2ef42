/** Changes with every change of a source of the packages. */
export function sourcesStamp(): string;
