import { createSimulatedButtons } from '@manyi/firmware/buttons/simulated';
import { expect, it } from 'vitest';
import { buttonsContract } from './buttons-contract.ts';

const levels = ['very-satisfied', 'satisfied', 'average', 'dissatisfied'];

buttonsContract('simulated', () => {
  const now = () => performance.now();
  const buttons = createSimulatedButtons(levels, now);
  return { buttons, levels, now, press: buttons.press, fail: buttons.fail };
});

it('refuses a key that the simulated panel does not have', () => {
  const buttons = createSimulatedButtons(levels, () => 0);
  expect(() => buttons.press('basically-satisfied')).toThrow('no key basically-satisfied');
});
