/** The part of onoff 6 in use: declared here, so that the build does not need an optional package. */
declare module 'onoff' {
  export class Gpio {
    constructor(line: number, direction: 'in', edge: 'both');
    edge(): string;
    watch(listener: (error: Error | null | undefined, level: 0 | 1) => void): void;
    unwatchAll(): void;
    unexport(): void;
  }
}
