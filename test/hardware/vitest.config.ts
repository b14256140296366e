import { defineConfig, mergeConfig } from 'vitest/config';
import tests from '../vitest.config.ts';

/** The suite that needs more of the machine: simulators, a guest with a kernel of its own, and a clean Debian root. */
export default mergeConfig(
  { ...tests, test: { ...tests.test, include: [], exclude: [] } },
  defineConfig({
    test: {
      include: ['hardware/*/*.test.ts'],
      exclude: ['node_modules/**', 'dist/**'],
      testTimeout: 120_000,
      hookTimeout: 600_000,
      maxWorkers: 1,
      fileParallelism: false,
    },
  }),
);
