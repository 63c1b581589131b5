export function writeBuildLog(path: string, bytes: number): void;
