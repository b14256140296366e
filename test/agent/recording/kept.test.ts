import { readdirSync } from 'node:fs';
import { profiles } from '@manyi/config/profiles';
import { describe, expect, test } from 'vitest';
import { stepUp } from '../../support/screen.ts';
import { clipsIn, folderOf, hears, learntMs, openBooth, told } from './booth.ts';

test('off: nothing is kept, nothing codes, and the counter says nothing of a recording', async () => {
  const booth = await openBooth({ policy: { record: 'off' } });
  const counter = await stepUp(booth.terminal.screenAddress);
  await hears(booth, 0.3);
  await counter.does({ type: 'next' });
  expect((await counter.shows((view) => view.phase === 'serving')).recording).toBe(false);
  await counter.does({ type: 'press', level: 'dissatisfied' });
  await hears(booth, 0.3);
  expect((await counter.shows((view) => view.phase === 'reason')).recording).toBe(false);
  counter.close();
  await booth.terminal.close();
  expect(readdirSync(folderOf(booth.folder))).toEqual([]);
  expect(told(booth.folder, 'recording.made')).toEqual([]);
});

describe('kept only where the rating was not good', () => {
  const seen = new Map<string, string[]>();
  const levels = profiles['four-key'].levels.map(({ name, polarity }) => ({ name, polarity }));

  test.each(levels)('$name: $polarity', async ({ name, polarity }) => {
    const booth = await openBooth({ policy: { keep: 'not-good' } });
    const { terminal, folder } = booth;
    const counter = await stepUp(terminal.screenAddress);
    const phases: string[] = [];
    const sees = async (phase: string) => {
      const view = await counter.shows((shown) => shown.phase === phase && shown.recording);
      phases.push(JSON.stringify({ ...view, now: 0, countdown: view.countdown && 'runs' }));
    };
    await sees('no-clerk');
    await counter.does({ type: 'next' });
    await sees('serving');
    await hears(booth, 0.5);
    await booth.until(([clip]) => clip?.state === 'recording');
    await counter.does({ type: 'press', level: name });
    await sees('reason');
    await hears(booth, 0.3);
    // It is being recorded on, whatever was pressed.
    await booth.until(([clip]) => clip?.state === 'recording');
    await counter.does({ type: 'end' });
    const kept = await booth.until((clips) => clips.every(({ state }) => state === 'announced'));
    await sees('reason');
    counter.close();
    await terminal.close();

    expect(kept.length).toBe(polarity === 'good' ? 0 : 1);
    expect(told(folder, 'recording.made').length).toBe(kept.length);
    expect(told(folder, 'recording.lost')).toEqual([]);
    if (polarity === 'good') expect(readdirSync(folderOf(folder))).toEqual([]);
    seen.set(name, phases);
  });

  test('the screen was alike at every level', () => {
    expect(seen.size).toBe(levels.length);
    expect(new Set([...seen.values()].map(String)).size).toBe(1);
  });
});

test('not rated: a late press is waited for, and only then is it decided', async () => {
  const booth = await openBooth({ policy: { keep: 'not-good' } });
  const { terminal, folder } = booth;
  await hears(booth, 0.3);
  await terminal.input({ type: 'next' });
  await hears(booth, 0.3);
  await terminal.input({ type: 'invite' });
  await terminal.input({ type: 'not-now' });
  await terminal.input({ type: 'end' });
  const [clip] = await booth.until((clips) => clips[0]?.state === 'waiting' && clips[0].closes !== null);
  const end = Number(clip?.startedAt) + Number(clip?.durationMs);
  expect(Math.abs(Number(clip?.closes) - end - 60_000)).toBeLessThan(learntMs);
  await terminal.input({ type: 'press', level: 'dissatisfied' });
  await booth.until((clips) => clips[0]?.state === 'announced');
  await terminal.close();
  // The press came after the end: it is no part of the clip.
  expect(told(folder, 'recording.made')).toMatchObject([{ data: { service: clip?.service, pressedAtMs: null } }]);
});

test('a service that goes on after a restart is one: what was recorded before waits for the same rating', async () => {
  const booth = await openBooth({ policy: { keep: 'not-good' } });
  await hears(booth, 0.3);
  await booth.terminal.input({ type: 'next' });
  await hears(booth, 0.3);
  await booth.terminal.close();
  expect(booth.clips()).toMatchObject([{ state: 'waiting', closes: null }]);
  const again = await openBooth({ policy: { keep: 'not-good' }, folder: booth.folder });
  await again.until((clips) => clips.length === 2);
  await again.terminal.input({ type: 'press', level: 'satisfied' });
  await again.terminal.input({ type: 'end' });
  await again.until((clips) => clips.length === 0);
  await again.terminal.close();
  // Both parts have gone without a word.
  for (const type of ['recording.made', 'recording.lost']) expect(told(booth.folder, type)).toEqual([]);
});

test('rated good before a restart, the service leaves nothing of what comes after it either', async () => {
  const booth = await openBooth({ policy: { keep: 'not-good' } });
  await hears(booth, 0.3);
  await booth.terminal.input({ type: 'next' });
  await hears(booth, 0.3);
  await booth.terminal.input({ type: 'press', level: 'satisfied' });
  await booth.terminal.close();
  expect(booth.clips()).toEqual([]);
  const again = await openBooth({ policy: { keep: 'not-good' }, folder: booth.folder });
  await again.until((clips) => clips.length === 1);
  await again.terminal.input({ type: 'end' });
  await again.until(([clip]) => clip?.state !== 'recording');
  await again.terminal.close();
  expect(clipsIn(booth.folder)).toEqual([]);
  expect(told(booth.folder, 'recording.made')).toEqual([]);
});
