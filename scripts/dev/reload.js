// A hook file of n8n (EXTERNAL_HOOK_FILES), in n8n's own process: on SIGUSR2 it loads the package anew, in the steps that
// n8n 2.39.10 takes when a community package is updated in its settings (community-packages.service.js).
//
// n8n's own N8N_DEV_RELOAD was tried and is not reliable: it watches all of n8n's own nodes as well, so it takes up to
// 20 s to begin and misses every change before; after its first reload each of our nodes is there twice; and where a
// build cannot be loaded, the node is gone. To restart n8n instead takes 8 s and ends what is running.
const NAME = 'n8n-nodes-segmind';
/** @type {(path: string) => any} */
const ofN8n = (path) => require.main?.require(path);

async function reload() {
	const { Container } = ofN8n('@n8n/di');
	const nodes = Container.get(ofN8n('../dist/load-nodes-and-credentials').LoadNodesAndCredentials);
	const before = nodes.loaders[NAME];
	before?.unloadAll();
	delete nodes.loaders[NAME];
	try {
		await nodes.loadPackage(NAME);
	} catch (error) {
		if (before) nodes.loaders[NAME] = before;
		throw error;
	}
	await nodes.postProcessLoaders();
	nodes.releaseTypes();
	// open editors ask for the descriptions again
	Container.get(ofN8n('../dist/push').Push).broadcast({ type: 'nodeDescriptionUpdated', data: {} });
}

let last = Promise.resolve();
process.on('SIGUSR2', () => {
	last = last.then(reload).then(
		() => console.log('The package was loaded again.'),
		(error) => console.error('The package cannot be loaded, the one before stays:', error),
	);
});

module.exports = {};
