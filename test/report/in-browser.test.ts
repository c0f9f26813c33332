import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manyEvents, reportOf } from './events.ts';

/** Debian's own; apt-get install chromium. */
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const isThere = existsSync(CHROMIUM);

describe.skipIf(!isThere)(`the report in Chromium${isThere ? '' : ` (skipped: no ${CHROMIUM})`}`, () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), 'detrails-report-'));
  const file = join(folder, 'report.html');
  const complaints: string[] = [];

  beforeAll(async () => {
    writeFileSync(file, reportOf(await manyEvents(10_000)));
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const page = await browser.newPage({
      viewport: { width, height: 900 },
      colorScheme,
      javaScriptEnabled: true,
    });
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) complaints.push(`asked for ${request.url()}`);
    });
    await page.goto(pathToFileURL(file).href);
    return page;
  }

  test('opens ten thousand events in three seconds, without a complaint and without the network', async () => {
    const start = performance.now();
    const page = await open(1280);
    expect(performance.now() - start).toBeLessThan(3000);
    expect(complaints).toEqual([]);
    expect(await page.locator('main svg').count()).toBe(3);
    await page.close();
  });

  test.each([360, 768, 1280, 1920])(
    'fits a window of %d pixels: only its tables and charts scroll',
    async (width) => {
      const page = await open(width);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await page.close();
    },
  );

  test.each(['light', 'dark'] as const)('can be read in the %s scheme', async (scheme) => {
    const page = await open(1280, scheme);
    const ratios = (await page.evaluate(CONTRASTS)) as readonly number[];
    expect(Math.min(...ratios)).toBeGreaterThanOrEqual(4.5);
    await page.close();
  });

  test('is walked through by keyboard: the skip link first, then sections, charts and tables', async () => {
    const page = await open(1280);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('events');
    await page.locator('summary').first().focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('details').first().getAttribute('open')).toBe('');
    await page.close();
  });

  test('is printed with its charts, and no wider than the paper', async () => {
    const page = await open(718);
    const pdf = await page.pdf({ format: 'A4', printBackground: false });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(718);
    expect(await page.locator('nav').isVisible()).toBe(false);
    expect(await page.locator('main svg').first().isVisible()).toBe(true);
    await page.close();
  });
});

/** The contrast of each kind of text against the ground behind it (WCAG 2.2, 1.4.3). */
const CONTRASTS = `(() => {
  const rgb = (text) => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => part / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const groundOf = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const ground = getComputedStyle(one).backgroundColor;
      if (!ground.startsWith('rgba(0, 0, 0, 0')) return rgb(ground);
    }
    return [255, 255, 255];
  };
  const kinds = ['h1', '.quiet', '.numbers li', 'a', 'th', 'td', '.small', '.badge', '.fact', 'figcaption', 'summary', 'footer p', 'svg text'];
  return kinds.map((kind) => document.querySelector(kind)).filter(Boolean).map((element) => {
    const style = getComputedStyle(element);
    const [a, b] = [light(rgb(element.closest('svg') ? style.fill : style.color)), light(groundOf(element))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  });
})()`;
