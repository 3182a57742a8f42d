/** A job that goes through all suppliers: the trouble of one is no other's. */
import { beforeAll, expect, test } from 'vitest';
import { eachOrg } from '../../jobs/each-org.ts';
import { makeOrg } from '../cast.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let orgs: string[];
beforeAll(async () => {
  stack = await useStack();
  orgs = [(await makeOrg(stack)).id, (await makeOrg(stack)).id];
});

test('one that fails stops no other, and the run fails as the first of them did', async () => {
  const turns: string[] = [];
  const run = eachOrg(stack.system, async (orgId) => {
    turns.push(orgId);
    throw new Error(orgId);
  });
  await expect(run).rejects.toThrow(turns[0]);
  expect(turns).toEqual(expect.arrayContaining(orgs));
});

test('a run that is over leaves the others for the next', async () => {
  const turns: string[] = [];
  await eachOrg(stack.system, async (orgId) => {
    turns.push(orgId);
    return false;
  });
  expect(turns).toHaveLength(1);
});
