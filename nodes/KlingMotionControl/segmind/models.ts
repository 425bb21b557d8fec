/**
 * The models of one request shape, by their slug in Segmind's URLs: what the editor calls and says of them, and what a
 * video costs on average, in US dollars (docs/segmind-api.md, "The model"). The first one is the node's default.
 */
export const MODELS = {
	'kling-2.6-standard-motion-control': {
		name: 'Kling 2.6 Standard Motion Control',
		about: 'About 10 minutes and $0.97 per video',
		price: 0.967,
	},
	'kling-2.6-pro-motion-control': {
		name: 'Kling 2.6 Pro Motion Control',
		about: 'Higher quality: about 10 minutes and $1.72 per video',
		price: 1.72,
	},
} as const;

/** The slug of one of the models. */
export type Model = keyof typeof MODELS;
