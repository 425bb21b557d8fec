import { config } from '@n8n/node-cli/eslint';

// n8n's own rules whole, plus what only the code that never ships may do: use Node's built-ins, timers and the console,
// start programs, and throw errors that are not for n8n.
export default [
	...config,
	{ ignores: ['output/', 'coverage/'] },
	{
		files: ['test/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts'],
		rules: {
			'@n8n/community-nodes/no-dangerous-functions': 'off',
			'@n8n/community-nodes/no-restricted-globals': 'off',
			'@n8n/community-nodes/no-restricted-imports': 'off',
			'@n8n/community-nodes/require-node-api-error': 'off',
			'no-console': 'off',
		},
	},
];
