// n8n's vetting analysis, which it runs on published packages, on this checkout and on the tarball that npm would publish.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { analyzePackage, SOURCE_FILE_PATTERNS } from '@n8n/scan-community-package/scanner/scanner.mjs';

const MAX_PACKED = 60 * 1024;
const ALLOWED = /^(dist\/.+\.(js|json|svg)|index\.js|README\.md|LICENSE|package\.json)$/;

const folder = mkdtempSync(join(tmpdir(), 'scan-'));
try {
	const [packed] = JSON.parse(
		execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { encoding: 'utf8' }),
	);
	execFileSync('tar', ['-xzf', join(folder, packed.filename), '-C', folder]);
	report('sources', await analyzePackage(process.cwd(), SOURCE_FILE_PATTERNS));
	report('tarball', await analyzePackage(join(folder, 'package')));
	const strangers = packed.files.map(({ path }) => path).filter((path) => !ALLOWED.test(path));
	report('contents', { passed: strangers.length === 0, message: `not for users: ${strangers.join(', ')}` });
	report('size', { passed: packed.size <= MAX_PACKED, message: `${packed.size} bytes` });
	console.log(`${packed.files.length} files, ${packed.size} bytes packed, ${packed.unpackedSize} bytes unpacked`);
} finally {
	rmSync(folder, { recursive: true, force: true });
}

function report(name, { passed, message, details }) {
	console.log(`${passed ? 'ok  ' : 'FAIL'} ${name}`);
	if (passed) return;
	console.error(details ?? message);
	process.exitCode = 1;
}
