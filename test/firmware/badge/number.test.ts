import { badgeNumber } from '@manyi/firmware/badge/number';
import { describe, expect, it } from 'vitest';

describe('one badge, 0012345678 and 188,24910 as printed on it', () => {
  it.each([
    ['0012345678', 'decimal'],
    ['12345678', 'decimal'],
    ['4307312974', 'decimal'],
    [' 0012345678\r\n', 'decimal'],
    ['BC614E', 'hex'],
    ['00bc614e', 'hex'],
    ['0100BC614E', 'hex'],
    ['188,24910', 'wiegand-26'],
    ['188 24910', 'wiegand-26'],
    ['18824910', 'wiegand-26'],
    ['0012345678', 'as-typed'],
  ] as const)('has one number from %j, %s', (given, format) => expect(badgeNumber(given, format)).toBe('0012345678'));
});

describe('what is no badge', () => {
  it.each([
    ['', 'as-typed'],
    ['abc', 'as-typed'],
    ['1234;5678', 'as-typed'],
    ['a'.repeat(33), 'as-typed'],
    ['12x4', 'decimal'],
    ['', 'decimal'],
    ['1099511627776', 'decimal'],
    ['12', 'hex'],
    ['0100BC614EFF', 'hex'],
    ['256,1', 'wiegand-26'],
    ['1,65536', 'wiegand-26'],
    ['1882491', 'wiegand-26'],
  ] as const)('has no number: %j, %s', (given, format) => expect(badgeNumber(given, format)).toBeNull());
});
