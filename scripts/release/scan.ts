// n8n's vetting analysis, which it runs on published packages, on this checkout and on the tarball that npm would publish;
// and what that tarball holds and brings along.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { analyzePackage, SOURCE_FILE_PATTERNS, type Analysis } from '@n8n/scan-community-package/scanner/scanner.mjs';

import { manifestFaults, tarballFaults, type Manifest } from './refusals';
import { install, pack } from './tarball';

async function scan(folder: string): Promise<void> {
	const packed = pack(folder);
	execFileSync('tar', ['-xzf', packed.file, '-C', folder]);
	const manifest = JSON.parse(readFileSync(join(folder, 'package/package.json'), 'utf8')) as Manifest;
	report('sources', await analyzePackage(process.cwd(), SOURCE_FILE_PATTERNS));
	report('tarball', await analyzePackage(join(folder, 'package')));
	reportFaults('contents', [...manifestFaults(manifest), ...tarballFaults(packed, manifest)]);
	const empty = join(folder, 'empty');
	mkdirSync(empty);
	const others = install(packed.file, empty).filter((name) => name !== manifest.name);
	reportFaults(
		'installs alone',
		others.map((name) => `it brings ${name}`),
	);
	console.log(`${packed.files.length} files, ${packed.size} bytes packed, ${packed.unpackedSize} bytes unpacked`);
}

function reportFaults(name: string, faults: string[]): void {
	report(name, { passed: faults.length === 0, message: faults.join('\n') });
}

function report(name: string, { passed, message, details }: Analysis): void {
	console.log(`${passed ? 'ok  ' : 'FAIL'} ${name}`);
	if (passed) return;
	console.error(details ?? message);
	process.exitCode = 1;
}

const folder = mkdtempSync(join(tmpdir(), 'scan-'));
void scan(folder).finally(() => rmSync(folder, { recursive: true, force: true }));
