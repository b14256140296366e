import { defineConfig } from 'vitest/config';
import tests from '../../../vitest.config.ts';

/** What runs inside the guest, where the processor is simulated and slow. */
export default defineConfig({
  ...tests,
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
