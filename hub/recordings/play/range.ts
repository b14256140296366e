/** What part of a file is asked for: `to` is excluded. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

/**
 * Reads a `Range` header (RFC 9110, 14.2) for a file of this size. Null is the whole file: no range, several, or one of another kind,
 * which a server may answer whole; `unsatisfiable` is one that begins behind the file's end.
 */
export function readRange(header: string | undefined, size: number): Part | 'unsatisfiable' | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return null;
  if (first === '') {
    const bytes = Math.min(Number(last), size);
    return bytes === 0 ? 'unsatisfiable' : { from: size - bytes, to: size };
  }
  if (last !== '' && Number(last) < Number(first)) return null;
  if (Number(first) >= size) return 'unsatisfiable';
  return { from: Number(first), to: last === '' ? size : Math.min(Number(last) + 1, size) };
}

/** Whether an `Accept` header takes AAC and not Ogg (RFC 9110, 12.5.1). Browsers that accept anything say nothing by that. */
export function wantsAac(accept: string | undefined): boolean {
  const types = (accept ?? '')
    .split(',')
    .map((range) => range.trim().toLowerCase())
    .filter((range) => !/;\s*q=0(\.0*)?$/.test(range))
    .map((range) => range.split(';')[0]?.trim());
  const takes = (...names: string[]) => names.some((name) => types.includes(name));
  return takes('audio/mp4', 'audio/aac', 'audio/x-m4a') && !takes('audio/ogg', 'audio/*', '*/*');
}
