import { defineConfig } from 'vitest/config';
import tests from '../../../vitest.config.ts';

/** What runs inside the guest, where the processor is simulated and slow: on the compiled firmware, for a driver of it is a program. */
export default defineConfig({
  ...tests,
  resolve: {},
  ssr: {},
  test: {
    include: ['hardware/guest/inside/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    isolate: false,
    maxWorkers: 1,
    fileParallelism: false,
  },
});
