import { defineConfig, mergeConfig } from 'vitest/config';
import tests from '../vitest.config.ts';

/** The suite that needs browsers of every make. */
export default mergeConfig(
  { ...tests, test: { ...tests.test, include: [], exclude: [] } },
  defineConfig({
    test: {
      include: ['engines/*.test.ts'],
      exclude: ['node_modules/**', 'dist/**'],
      testTimeout: 120_000,
      maxWorkers: 1,
    },
  }),
);
