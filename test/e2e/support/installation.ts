import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run } from './processes';

const ROOT = join(__dirname, '../../..');
const NAME = 'n8n-nodes-segmind';

/**
 * A new user folder of n8n with our tarball in it, as n8n 2.39.10 installs a community package
 * (community-packages.service.js, downloadPackage): packed, unpacked, stripped of its development fields, installed.
 */
export async function installedFolder(): Promise<string> {
	const folder = mkdtempSync(join(tmpdir(), 'n8n-e2e-'));
	const nodes = join(folder, '.n8n/nodes');
	const target = join(nodes, 'node_modules', NAME);
	mkdirSync(target, { recursive: true });

	const packed = JSON.parse(
		await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: ROOT }),
	) as unknown;
	const [{ filename, version }] = packed as [{ filename: string; version: string }];
	await run('tar', ['-xzf', join(folder, filename), '-C', target, '--strip-components=1']);
	const manifest = join(target, 'package.json');
	const { devDependencies, peerDependencies, optionalDependencies, ...kept } = JSON.parse(
		readFileSync(manifest, 'utf8'),
	) as Record<string, unknown>;
	void [devDependencies, peerDependencies, optionalDependencies];
	writeFileSync(manifest, JSON.stringify(kept, null, 2));
	await run(
		'npm',
		[
			'install',
			'--offline',
			'--bin-links=false',
			'--install-strategy=shallow',
			'--ignore-scripts=true',
			'--package-lock=false',
		],
		{ cwd: target },
	);
	writeFileSync(
		join(nodes, 'package.json'),
		JSON.stringify({ name: 'installed-nodes', private: true, dependencies: { [NAME]: version } }, null, 2),
	);
	return folder;
}
