/** The sample of the model's own document (docs/segmind-api.md, "The model"). */
export const SAMPLE_BODY = {
	prompt: 'cat and dog are dancing.',
	character_orientation: 'video',
	image_url:
		'https://segmind-resources.s3.amazonaws.com/output/ada5c480-9051-4852-beac-cc6c6a17184f-kling-motion-std-ip-image.jpeg',
	keep_original_sound: true,
	video_url:
		'https://segmind-resources.s3.amazonaws.com/output/de918869-2e43-4bc1-9894-a888f465ec0c-kling-motion-std.mp4',
};

/** The same as parameters of the node. The poll interval is short where a test waits in real time. */
export const SAMPLE = {
	operation: 'generate',
	model: 'kling-2.6-standard-motion-control',
	prompt: SAMPLE_BODY.prompt,
	characterOrientation: 'video',
	imageSource: 'url',
	imageUrl: SAMPLE_BODY.image_url,
	videoSource: 'url',
	videoUrl: SAMPLE_BODY.video_url,
	keepOriginalSound: true,
};
