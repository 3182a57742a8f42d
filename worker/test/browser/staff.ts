/** Staff of the demo's first supplier: in the browser, and as a program that prepares what a test looks at. */
import type { BrowserContext, Page } from 'playwright-core';
import { type StaffApi, staffApi } from '../../../scripts/demo/staff-api.ts';
import type { RunFile } from './run-product.ts';

/** A page of the console after its first name was chosen at the sign-in. */
export async function staffPage(
  run: RunFile,
  context: BrowserContext,
  person: string,
): Promise<Page> {
  const page = await context.newPage();
  await page.goto(run.admin);
  await page.getByRole('button', { name: person }).click();
  await page.waitForURL(/\/admin\/acme/);
  return page;
}

export function apiOf(run: RunFile, role: 'clerk' | 'approver' | 'owner'): StaffApi {
  return staffApi({ origin: run.portal, org: 'acme', token: run.staff[role]?.token ?? '' });
}

/** Stages rows and the PDFs they name, and gives the publish. */
export async function stage(
  run: RunFile,
  name: string,
  csv: string,
  files: Record<string, Uint8Array> = {},
): Promise<string> {
  const clerk = apiOf(run, 'clerk');
  const { id } = await clerk.send<{ id: string }>('POST', 'publishes', { name });
  await clerk.importCsv(id, `${name}.csv`, csv);
  for (const [file, bytes] of Object.entries(files)) {
    const path = `publishes/${id}/files/${encodeURIComponent(file)}`;
    await clerk.upload('PUT', path, 'application/pdf', bytes);
  }
  return id;
}
