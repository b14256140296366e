import { createSimulatedButtons } from '@manyi/firmware/buttons/simulated';
import { expect, it } from 'vitest';
import { buttonsContract, clerkKeyContract } from './buttons-contract.ts';

const levels = ['very-satisfied', 'satisfied', 'average', 'dissatisfied'];

function open() {
  const now = () => performance.now();
  const buttons = createSimulatedButtons(levels, now);
  const { press, pressClerkKey, fail } = buttons;
  return { buttons, levels, now, press, pressClerkKey, fail };
}

buttonsContract('simulated', open);
clerkKeyContract('simulated', open);

it('refuses a key that the simulated panel does not have', () => {
  const buttons = createSimulatedButtons(levels, () => 0);
  expect(() => buttons.press('basically-satisfied')).toThrow('no key basically-satisfied');
});
